// All that runs on a page of a running forum.
import "./live.js";
import "./captions.js";
import "./queue.js";
import "./tables.js";
import "./mutes.js";
import "./tabs.js";
