//! The doorstep handshake: two plain words that the recipient's page and the courier's device both show,
//! drawn for that visit, so that the recipient knows the courier before the code is told. Words that
//! sound alike or hurt have no place in the list.

/// The two words of a visit.
pub type Words = [&'static str; 2];

/// The words of visit number `visit`, counted from 0. A salt has 16 random bytes, two for each visit:
/// from the ninth visit on they come again. They are never the same word twice.
pub fn words(salt: &[u8; 16], visit: u32) -> Words {
    let at = (visit as usize % 8) * 2;
    let (first, second) = (salt[at], salt[at + 1]);
    let second = if first == second { second.wrapping_add(1) } else { second };
    [LIST[usize::from(first)], LIST[usize::from(second)]]
}

/// 256 short, common, concrete words.
const LIST: [&str; 256] = [
    "acorn", "amber", "anchor", "apple", "apron", "arrow", "atlas", "autumn", "bagel", "bamboo", "banjo",
    "barley", "basket", "beacon", "beaver", "bell", "berry", "bicycle", "biscuit", "blanket", "blossom",
    "boat", "bonnet", "bottle", "branch", "bread", "breeze", "bridge", "bronze", "brook", "broom", "bucket",
    "butter", "button", "cabin", "cactus", "camel", "candle", "canoe", "canvas", "carpet", "carrot",
    "castle", "cedar", "cello", "chalk", "cherry", "chess", "chimney", "cider", "circle", "citrus", "clover",
    "coast", "cobalt", "cocoa", "comet", "compass", "copper", "coral", "cotton", "cradle", "crayon", "creek",
    "cricket", "crystal", "cymbal", "daisy", "dawn", "desert", "diamond", "dolphin", "domino", "donkey",
    "dragon", "drawer", "drum", "eagle", "easel", "echo", "elbow", "elm", "ember", "emerald", "engine",
    "falcon", "feather", "fennel", "fern", "fiddle", "field", "finch", "fjord", "flute", "forest", "fossil",
    "fountain", "fox", "galaxy", "garden", "garlic", "gecko", "ginger", "giraffe", "glacier", "glove",
    "goblet", "granite", "grape", "guitar", "hammer", "harbor", "harvest", "hazel", "hedge", "helmet",
    "heron", "hill", "honey", "horizon", "igloo", "indigo", "iris", "island", "ivory", "ivy", "jacket",
    "jasmine", "jigsaw", "juniper", "kayak", "kettle", "kite", "kiwi", "ladder", "lagoon", "lamp", "lantern",
    "lark", "lavender", "lemon", "lentil", "lilac", "linen", "lion", "lizard", "lotus", "lunar", "magnet",
    "mango", "maple", "marble", "meadow", "melon", "meteor", "mint", "mirror", "mitten", "moon", "mosaic",
    "moss", "mountain", "muffin", "museum", "mustard", "nectar", "needle", "nest", "noodle", "nutmeg",
    "oasis", "ocean", "olive", "onyx", "opal", "orange", "orbit", "orchard", "orchid", "otter", "oven",
    "owl", "paddle", "palm", "panda", "paper", "parrot", "pasta", "peach", "pear", "pebble", "pelican",
    "pencil", "pepper", "piano", "pickle", "pigeon", "pillow", "pine", "planet", "plum", "pocket", "pollen",
    "pony", "poppy", "prairie", "prism", "pumpkin", "puppet", "quartz", "quilt", "rabbit", "raft", "rain",
    "raven", "reef", "ribbon", "river", "robin", "rocket", "rose", "ruby", "saddle", "saffron", "sail",
    "salmon", "sand", "saturn", "scarf", "shell", "shovel", "silver", "sky", "sled", "snail", "snow",
    "spoon", "spruce", "squirrel", "star", "stone", "summer", "sunset", "swan", "table", "tango", "teapot",
    "tiger", "timber", "tomato", "topaz", "tower", "train", "tulip", "tunnel", "turtle",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_without_repeats_and_easy_to_say() {
        assert!(LIST.is_sorted_by(|a, b| a < b), "{LIST:?}");
        assert!(LIST.iter().all(|word| (3..=8).contains(&word.len())), "short");
        assert!(LIST.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
