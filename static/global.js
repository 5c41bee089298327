// @ts-check
// The script of the page of the lab of global tables. The page is complete without it; this
// makes it answer.
import { openLab } from "./labpage.js";

openLab();
