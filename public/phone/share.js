// Shares where the delivery stands: the address that everybody may open, without the secret or the session of
// whoever shares it.

const status = () => location.origin + "/t/" + location.pathname.split("/")[2];

/** Shares it by the system's own sheet, or copies it; gives what is to be said of that. */
export const share = async (words) => {
  const url = status();
  if (navigator.share) {
    try {
      await navigator.share({ title: document.title, url });
      return "";
    } catch (error) {
      // Whoever closes the sheet has not asked for a copy.
      if (error.name === "AbortError") return "";
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    return words.shareCopied;
  } catch {
    return words.shareFailed.replace("{link}", url);
  }
};
