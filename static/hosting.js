// @ts-check
// Hosts a region of a global table, in the worker of its tab: owns its name by a
// Web Lock, stores what happens in it, and carries letters between it and the
// regions in other tabs. What the letters say is the Go side's: see
// web/global/hosted.go and hostedletter.go.
import { hold, locksHeld } from "./locks.js";
import { text } from "./running.js";
import { nameOf, newID, notStored, openSoon, openStore } from "./storage.js";

/** @import {Call, FromWorker, Region, Reply} from "./protocol.js" */
/** @import {Held} from "./locks.js" */
/** @import {Journal, Store, Stored} from "./storage.js" */

/** Between two signs of life. */
const beat = 1000; // ms

const empty = new Uint8Array(0);

export class Hosting {
  #group = "albums";
  #name = "";
  /** @type {Store | null} */
  #store = null;
  #why = "";
  /** @type {Promise<void> | null} */
  #opening = null;
  /** @type {Held | null} the region is this tab's */
  #held = null;
  /** @type {Journal | null} null as well where nothing can be stored */
  #journal = null;
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** @type {AbortController | null} another tab has the region, and this one waits */
  #waiting = null;
  /** @type {Uint8Array | null} */
  #snapshot = null;
  /** What the page was shown last. */
  #edition = 0;

  /**
   * @param {(message: FromWorker) => void} post to the page
   * @param {(act: () => unknown) => void} inTurn does something between calls
   */
  constructor(post, inTurn) {
    this.post = post;
    this.inTurn = inTurn;
  }

  /**
   * Takes the region, while the program is on its way.
   * @param {string} search the query of the page's address: host is the region, group its group
   */
  prepare(search) {
    this.#opening ??= this.#open(new URLSearchParams(search));
  }

  /** @param {URLSearchParams} query */
  async #open(query) {
    const group = query.get("group") ?? "";
    if (/^[a-z0-9-]{1,39}$/.test(group)) this.#group = group;
    this.#name = query.get("host") ?? "";
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(this.#name)) this.#name = "";
    const { store, why } = await openStore("sortkey-regions");
    this.#store = store;
    this.#why = why;
    if (this.#name) this.#held = await hold(this.#lock(this.#name), this.#lost, { patient: true });
  }

  /** @param {string} region */
  #lock(region) {
    return `sortkey-region:${this.#group}:${region}`;
  }

  /** @param {Region} region the Go side */
  async begin(region) {
    this.region = region;
    this.prepare("");
    await this.#opening;
    if (this.#why) region.unkept(this.#why);
    this.#channel = new BroadcastChannel(`sortkey-regions:${this.#group}`);
    this.#channel.onmessage = ({ data }) => this.inTurn(() => this.#hear(data));
    await this.#count();
    await this.#arrive();
    setInterval(() => this.inTurn(() => this.#beat()), beat);
  }

  /** @returns {Region} */
  get #go() {
    if (!this.region) throw new Error("a call before the program was ready");
    return this.region;
  }

  /** Hosts the region if it is this tab's, or says why it is not. */
  async #arrive() {
    if (!this.#name) return this.#stand("choosing");
    if (!this.#held) return this.#stand("taken");
    const wrong = await this.#load().catch((error) => `it could not be read (${error})`);
    if (wrong === null) return this.#stand("taken");
    if (wrong) return this.#stand("broken", wrong);
    await this.#settle();
  }

  /** @param {string} words @param {string} [why] */
  #stand(words, why = "") {
    this.#go.stand(this.#group, this.#name, words, why);
  }

  /** @returns {Promise<string | null>} what is wrong with the journal, "" for nothing; null: another tab writes to it */
  async #load() {
    const store = this.#store;
    if (!store) return this.#go.open(this.#group, this.#name, empty, empty);
    const id = this.#id;
    /** @type {Stored} */
    let stored = { journal: empty, snapshot: empty };
    try {
      const journal = await openSoon(store, id);
      if (!journal) return null;
      this.#journal = journal;
      stored = await store.read(id);
    } catch (error) {
      if (nameOf(error) !== "NotFoundError") throw error;
      this.#journal = await store.begin(id);
    }
    return this.#go.open(this.#group, this.#name, stored.journal, stored.snapshot);
  }

  /** Under which the region is stored. */
  get #id() {
    return `${this.#group}.${this.#name}`;
  }

  /**
   * Answers a call, when all that it changed is stored.
   * @param {Extract<Call, {url: string}>} call @returns {Promise<Reply>}
   */
  async answer({ method, url, body }) {
    const path = url.split("?")[0];
    if (`${method} ${path}` === "POST /anew") await this.#putAside();
    if (`${method} ${path}` === "GET /panel") await this.#count();
    const reply = this.#go.serve(method, url, body);
    const refused = await this.#settle();
    this.#edition = this.#go.edition();
    if (reply.status === 200 && path === "/wait") this.#wait();
    if (reply.status === 200 && path === "/unwait") this.#waiting?.abort();
    return refused ?? reply;
  }

  /** What need not be done before the page has its answer. */
  async afterwards() {
    const snapshot = this.#snapshot;
    this.#snapshot = null;
    if (snapshot) await this.#journal?.snapshot(snapshot).catch(() => {}); // without it, loading takes longer
  }

  /**
   * Stores what has happened, and tells the other tabs of it then.
   * @returns {Promise<Reply | null>} the answer in place of a call's, where it could not be stored
   */
  async #settle() {
    const { lines, snapshot } = this.#go.keep();
    try {
      if (lines) await this.#journal?.append(lines);
    } catch (error) {
      this.#go.revert();
      if (nameOf(error) === "NoModificationAllowedError") return this.#leave();
      return text(507, notStored(error, "region"));
    }
    if (snapshot) this.#snapshot = snapshot;
    for (const letter of this.#go.say()) this.#channel?.postMessage(letter);
    return null;
  }

  /** Does something that the page has not asked for, and lets it know. @param {() => unknown} act */
  async #happen(act) {
    await act();
    await this.#settle();
    await this.afterwards();
    const edition = this.#go.edition();
    if (edition !== this.#edition) this.post({ kind: "changed" });
    this.#edition = edition;
  }

  /** @param {unknown} letter */
  #hear(letter) {
    if (typeof letter !== "string") return;
    return this.#happen(() => this.#go.hear(letter));
  }

  #beat() {
    return this.#happen(async () => {
      await this.#count();
      this.#go.beat();
    });
  }

  /** Which regions have a tab: those whose locks are held. */
  async #count() {
    const held = await locksHeld();
    const prefix = this.#lock("");
    const regions = [...(held ?? [])].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    this.#go.present(regions, held !== null);
  }

  /** Takes the region over when the tab that has it is closed. */
  #wait() {
    this.#waiting?.abort();
    const waiting = (this.#waiting = new AbortController());
    void hold(this.#lock(this.#name), this.#lost, { until: waiting.signal }).then((held) => {
      if (!held) return;
      this.#held = held;
      this.inTurn(() => this.#happen(() => this.#arrive()));
    });
  }

  #lost = () => {
    this.inTurn(() => this.#happen(() => this.#leave()));
  };

  /** Another tab has the region now. */
  #leave() {
    this.#journal?.close();
    this.#held?.release();
    this.#journal = this.#held = this.#snapshot = null;
    this.#stand("taken");
    return text(409, "Another tab hosts this region now, so this was not done.");
  }

  /** A journal that cannot be read is stored under another name, and the region begins without it. */
  async #putAside() {
    const store = this.#store;
    if (!store || !this.#journal) return;
    const content = await this.#journal.read();
    const aside = await store.begin(`${this.#id}.damaged-${newID()}`);
    await aside.append(content);
    aside.close();
    this.#journal.close();
    this.#journal = null;
    await store.remove(this.#id);
    await this.#arrive();
  }
}
