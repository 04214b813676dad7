// NiceGUI loads this file by itself; everything else is one folder of modules that know each other.
export { default } from "portwire/slack.js";
