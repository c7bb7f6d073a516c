// What a page in somebody else's page runs: first what speaks with that page, then the widget.
import "./frame.js";
import "../boot.js";
