// What this page's controls choose goes to the tag, and what the tag tells goes into a list. A shop needs none of it.
const tag = document.querySelector("doorstep-tracker");
const asked = new URLSearchParams(location.search);

for (const select of document.querySelectorAll("select")) {
  const value = asked.get(select.name);
  if (value === null || ![...select.options].some((option) => option.value === value)) continue;
  select.value = value;
  if (!value) continue;
  tag.setAttribute(select.name === "id" ? "tracking-id" : select.name, value);
}
const link = tag.querySelector("a");
link.href = new URL("/t/" + tag.getAttribute("tracking-id"), link.href);

const log = document.getElementById("log");
for (const type of ["ready", "status-change", "eta-change", "instruction-saved", "code-revealed", "error"]) {
  tag.addEventListener(type, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = `${new Date().toLocaleTimeString()}  ${type}  ${JSON.stringify(detail)}`;
    log.prepend(line);
    document.getElementById("nothing").hidden = true;
  });
}

// A page cannot read its own policy; asked again, the server says it.
const { headers } = await fetch(location.href, { method: "HEAD" });
document.getElementById("policy").textContent = headers.get("content-security-policy").replaceAll("; ", ";\n");
