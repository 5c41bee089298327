// @ts-check
// The script of the page of what things cost. The page is complete without it; this
// makes it answer.
import { openLab } from "./labpage.js";

openLab();
