// Starts the widget. xtask bundles this with wasm-bindgen's glue and fills in the module's address.
import init from "doorstep-widget";

init({ module_or_path: new URL(DOORSTEP_WASM, import.meta.url) });
