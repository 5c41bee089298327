// @ts-check
// Keeps the work, in the worker: stores what a request has changed before it is
// answered, brings stored workspaces to the desk, and sees to it that one tab
// works on each and others follow.
import { hold, untilFree, workspaceLock } from "./locks.js";
import { text } from "./running.js";
import { nameOf, notStored, openSoon, openStore, wholeLines } from "./storage.js";

/** @import {Call, Engine, FromWorker, Keep, KeptState, Reply} from "./protocol.js" */
/** @import {Held} from "./locks.js" */
/** @import {Journal, Kept, Store, Stored} from "./storage.js" */

/**
 * A workspace for the desk: without a journal to write to another tab has it.
 * Size: how much of the journal the desk knows.
 * @typedef {{id: string, title: string, held: Held | null, journal: Journal | null, size: number}} Taken
 */

/** How long a tab that is loaded again has to take back the workspace it had, before one that follows takes it. */
const grace = 3000; // ms

export class Keeper {
  /** @type {Store | null} */
  #store = null;
  #why = "";
  /** @type {Kept[]} */
  #list = [];
  /** @type {Promise<void> | null} */
  #opening = null;
  /** @type {{taken: Taken, stored: Stored} | null} what to begin with */
  #first = null;

  /** @type {Taken} what is on the desk; the id is "" while it is not stored */
  #now = nothing();
  /** @type {Taken | null} what the call under way brings to the desk */
  #coming = null;
  /** Of the workspace before this one, as it was left. */
  #left = { id: "", size: 0 };
  #back = "";
  /** @type {AbortController | null} */
  #waiting = null;

  /** @type {Uint8Array | null} */
  #snapshot = null;
  #listed = true;
  /** @type {KeptState["damaged"]} */
  #damaged = null;
  #told = "";
  /** The page still shows what it was built with, not what was restored. */
  #unseen = false;

  /**
   * @param {(message: FromWorker) => void} post to the page
   * @param {(act: () => unknown) => void} inTurn does something between calls
   */
  constructor(post, inTurn) {
    this.post = post;
    this.inTurn = inTurn;
    this.channel = new BroadcastChannel("sortkey");
    this.channel.onmessage = ({ data }) => inTurn(() => this.#hear(data));
  }

  /**
   * Opens the store and reads the workspace to begin with, while the program is
   * on its way.
   * @param {string} here the id of the one that this tab had
   * @param {boolean} [fresh] the page begins with something else: no workspace is read
   */
  prepare(here, fresh = false) {
    this.#opening ??= this.#open(here, fresh);
  }

  /** @param {string} here @param {boolean} fresh */
  async #open(here, fresh) {
    const { store, why } = await openStore();
    this.#store = store;
    this.#why = why;
    await this.#relist();
    if (fresh) return;
    const mine = this.#list.filter(({ id }) => id === here);
    for (const { id } of [...mine, ...this.#list]) {
      const taken = await this.#take(id, true).catch(() => null);
      if (!taken) continue;
      const stored = await this.#read(taken).catch(() => null);
      if (stored && taken.size > 0) {
        this.#first = { taken, stored };
        return;
      }
      letGo(taken); // nothing of it was ever acknowledged, or it cannot be read now
    }
  }

  /**
   * Puts the workspace that was worked on last on the desk.
   * @param {Engine} engine @returns {Promise<boolean>} whether there was one
   */
  async begin(engine) {
    this.engine = engine;
    this.prepare("");
    await this.#opening;
    this.#shelve();
    const restored = this.#first !== null && this.#load(this.#first);
    this.#first = null;
    this.#unseen = restored;
    this.#tell();
    return restored;
  }

  /** @returns {Engine} */
  get #desk() {
    if (!this.engine) throw new Error("a call before the program was ready");
    return this.engine;
  }

  /** @param {{taken: Taken, stored: Stored}} first */
  #load({ taken, stored }) {
    const wrong = this.#desk.load(taken.id, stored.journal, stored.snapshot, !taken.journal);
    if (!wrong) {
      this.#settle(taken);
      return true;
    }
    letGo(taken);
    this.#damaged = { id: taken.id, title: taken.title, why: wrong };
    return false;
  }

  /**
   * Answers a call, when all that it changed is stored.
   * @param {Call} call @returns {Promise<Reply>}
   */
  async answer(call) {
    if (this.#now.held?.lost) this.#demote();
    if ("target" in call) {
      const reply = this.#desk.api(call.target, call.region, call.body);
      const refused = await this.#keep();
      return refused ? asError(refused) : reply;
    }
    const instead = await this.#before(call);
    if (instead) return instead;
    const reply = this.#desk.serve(call.method, call.url, this.#meant(call));
    return (await this.#keep()) ?? reply;
  }

  /**
   * A call's form. Before the page has seen the workspace restored, the title
   * that it sends along is another one's.
   * @param {Extract<Call, {url: string}>} call
   */
  #meant({ method, url, body }) {
    if (method === "GET" && /^\/desk($|\?)/.test(url)) this.#unseen = false;
    if (!this.#unseen || !body) return body;
    const form = new URLSearchParams(new TextDecoder().decode(body));
    form.delete("title");
    return new TextEncoder().encode(String(form));
  }

  /** What need not be done before the page has its answer. */
  async afterwards() {
    const snapshot = this.#snapshot;
    this.#snapshot = null;
    if (snapshot) await this.#now.journal?.snapshot(snapshot).catch(() => {}); // without it, loading takes longer
    if (!this.#listed) await this.#relist();
  }

  /** Stores what the last call changed. @returns {Promise<Reply | null>} the answer in place of the call's, where that failed */
  async #keep() {
    for (;;) {
      const kept = this.#desk.keep();
      if (!kept.lines) {
        this.#turn(kept);
        return null;
      }
      if (!this.#store) continue; // the lines are let go of
      try {
        await this.#write(kept);
      } catch (error) {
        const stolen = nameOf(error) === "NoModificationAllowedError";
        if (kept.light) this.#desk.owe();
        else this.#desk.revert();
        if (stolen) this.#demote();
        if (!kept.light) return stolen ? text(409, takenOver) : text(507, notStored(error, "workspace") + room);
        this.#turn(kept);
        return null;
      }
    }
  }

  /** @param {Extract<Keep, {lines: Uint8Array}>} kept */
  async #write(kept) {
    const now = this.#now;
    const at = now.size;
    if (kept.begins) {
      await this.#beginJournal(kept);
      return;
    }
    if (kept.workspace !== now.id || !now.journal) return; // a title, of a workspace that was left
    await now.journal.append(kept.lines);
    now.size = now.journal.size;
    this.channel.postMessage({ kind: "wrote", id: now.id, at, lines: kept.lines });
    if (kept.snapshot) this.#snapshot = kept.snapshot;
    if (kept.title !== now.title) await this.#entitle(kept.title);
  }

  /** @param {Extract<Keep, {lines: Uint8Array}>} kept */
  async #beginJournal(kept) {
    const store = /** @type {Store} */ (this.#store);
    const taken = { ...nothing(), id: kept.workspace };
    taken.held = await hold(workspaceLock(taken.id), this.#lost);
    try {
      taken.journal = await store.begin(taken.id);
      await taken.journal.append(kept.lines);
    } catch (error) {
      letGo(taken);
      await store.remove(taken.id).catch(() => {});
      throw error;
    }
    taken.size = taken.journal.size;
    this.#settle(taken);
    await this.#entitle(kept.title);
  }

  /** The title as the list shows it; the journal has it too. @param {string} title */
  async #entitle(title) {
    this.#now.title = title;
    this.#listed = false;
    await this.#now.journal?.title(title).catch(() => {});
  }

  /** Follows the desk to the workspace that is on it now. @param {Keep} kept */
  #turn(kept) {
    this.#back = kept.back;
    const coming = this.#coming;
    this.#coming = null;
    if (kept.here === this.#now.id || !this.#store) {
      letGo(coming);
    } else {
      this.#left = { id: this.#now.id, size: this.#now.journal ? this.#now.size : -1 };
      this.#settle(coming?.id === kept.here ? coming : { ...nothing(), id: kept.here });
    }
    this.#tell();
  }

  /** @param {Taken} taken is on the desk from now on */
  #settle(taken) {
    this.#waiting?.abort();
    letGo(this.#now);
    this.#now = taken;
    this.#snapshot = null;
    this.#listed = false;
    if (taken.id && !taken.journal) this.#wait();
    else if (taken.title) this.inTurn(() => this.#now === taken && this.#entitle(taken.title)); // it is the one used last
  }

  /** What has to happen before Go answers, or the answer. @param {Extract<Call, {url: string}>} call @returns {Promise<Reply | null>} */
  async #before({ method, url }) {
    const [, desk, what, id = ""] = url.split("?")[0].split("/");
    if (!this.#store || desk !== "desk") return null;
    switch (`${method} ${what}`) {
      case "GET shelf":
        await this.#relist();
        return null;
      case "GET journal":
        return this.#download(id);
      case "POST workspace":
        return id === this.#now.id ? null : this.#bring(id);
      case "POST undo-new":
        return this.#back ? this.#bring(this.#back) : null;
      case "POST delete":
        return this.#remove(id);
      case "POST take-over":
        return this.#takeOver();
    }
    return null;
  }

  /** @param {string} id */
  async #download(id) {
    try {
      const { journal } = await /** @type {Store} */ (this.#store).read(id);
      return { status: 200, headers: ["Content-Type", "application/octet-stream"], body: journal };
    } catch {
      return text(404, gone);
    }
  }

  /** Gets a workspace ready for the desk. @param {string} id @returns {Promise<Reply | null>} */
  async #bring(id) {
    let taken;
    try {
      taken = await this.#take(id, false);
      // What is in memory is richer than what is stored, and the same if nobody has written since.
      const same = taken.journal && id === this.#back && id === this.#left.id && taken.journal.size === this.#left.size;
      if (same) taken.size = this.#left.size;
      else {
        const { journal, snapshot } = await this.#read(taken);
        const wrong = this.#desk.bring(id, journal, snapshot, !taken.journal);
        if (wrong) return this.#broken(taken, wrong);
      }
    } catch (error) {
      letGo(taken ?? null);
      return nameOf(error) === "NotFoundError" ? text(404, gone) : text(500, `This workspace could not be read: ${error}`);
    }
    this.#coming = taken;
    return null;
  }

  /** @param {Taken} taken @param {string} why */
  #broken(taken, why) {
    letGo(taken);
    this.#damaged = { id: taken.id, title: taken.title, why };
    this.#tell();
    return text(422, `“${taken.title}” could not be opened: ${why}.`);
  }

  /** @param {string} id @returns {Promise<Reply | null>} */
  async #remove(id) {
    const store = /** @type {Store} */ (this.#store);
    const mine = id === this.#now.id ? this.#now : null;
    const held = mine ? mine.held : await hold(workspaceLock(id), () => {});
    if (!held || (mine && !mine.journal)) return text(409, "Another tab is working on this workspace. Close it there first.");
    mine?.journal?.close();
    try {
      await store.remove(id);
    } catch (error) {
      if (mine) mine.journal = await store.open(id);
      if (nameOf(error) !== "NotFoundError") return text(500, `The workspace could not be deleted: ${error}`);
    } finally {
      if (!mine) held.release();
    }
    if (mine) mine.journal = null;
    if (this.#damaged?.id === id) this.#damaged = null;
    this.#listed = false;
    return null;
  }

  // Two tabs on one workspace.

  /**
   * Takes a workspace, for this tab alone if no other works on it.
   * @param {string} id @param {boolean} patient @returns {Promise<Taken>}
   */
  async #take(id, patient) {
    const title = this.#list.find((k) => k.id === id)?.title ?? "";
    const held = await hold(workspaceLock(id), this.#lost, { patient });
    const journal = held && (await this.#openJournal(id, held));
    return { id, title, held: journal && held, journal, size: 0 };
  }

  /** @param {string} id @param {Held} held let go of where that fails */
  async #openJournal(id, held) {
    try {
      const journal = await openSoon(/** @type {Store} */ (this.#store), id);
      if (!journal) held.release();
      return journal;
    } catch (error) {
      held.release();
      throw error;
    }
  }

  /** @param {Taken} taken */
  async #read(taken) {
    const { journal, snapshot } = await /** @type {Store} */ (this.#store).read(taken.id);
    taken.size = wholeLines(journal);
    return { journal, snapshot };
  }

  #lost = () => {
    this.inTurn(() => this.#now.held?.lost && this.#demote());
  };

  /** Another tab has taken the workspace over: from here on this one follows. */
  #demote() {
    this.#now.journal?.close();
    this.#now.journal = this.#now.held = this.#snapshot = null;
    this.#desk.follow(true);
    this.#tell();
    this.post({ kind: "changed" });
    this.#wait();
  }

  /** Takes the workspace over when the tab that works on it has gone. */
  #wait() {
    this.#waiting?.abort();
    const waiting = (this.#waiting = new AbortController());
    const { id } = this.#now;
    const attempt = async () => {
      if (waiting.signal.aborted || !(await this.#own(false))) return;
      this.post({ kind: "changed" });
    };
    const wait = async () => {
      while (!waiting.signal.aborted) {
        await untilFree(workspaceLock(id), waiting.signal);
        await sleep(grace);
        await new Promise((resolve, reject) => this.inTurn(() => attempt().then(resolve, reject)));
      }
    };
    wait().catch(() => {}); // waiting no longer, or there is nothing left to wait for
  }

  /** Makes the workspace on the desk this tab's. @param {boolean} steal */
  async #own(steal) {
    const now = this.#now;
    const held = await hold(workspaceLock(now.id), this.#lost, { steal });
    const journal = held && (await this.#openJournal(now.id, held));
    if (!journal) return false;
    try {
      if (journal.size !== now.size) await this.#catchUp();
    } catch (error) {
      letGo({ ...now, held, journal });
      throw error;
    }
    now.held = held;
    now.journal = journal;
    now.size = journal.size;
    this.#waiting?.abort();
    this.#desk.follow(false);
    this.#tell();
    return true;
  }

  /** @returns {Promise<Reply | null>} */
  async #takeOver() {
    if (!this.#now.id || this.#now.journal) return null;
    try {
      return (await this.#own(true)) ? null : text(409, "The other tab does not let go of this workspace. Close it, then take over.");
    } catch (error) {
      return text(404, nameOf(error) === "NotFoundError" ? gone : `This workspace could not be taken over: ${error}`);
    }
  }

  /** Another tab has said something. @param {{kind: string, id: string, at: number, lines: Uint8Array}} data */
  async #hear({ kind, id, at, lines }) {
    const now = this.#now;
    if (kind !== "wrote" || id !== now.id || now.journal || at + lines.length <= now.size) return;
    if (at === now.size && !this.#desk.extend(lines)) now.size += lines.length;
    else await this.#catchUp().catch(() => {});
    this.post({ kind: "changed" });
  }

  /** Brings the desk up to date with what is stored. */
  async #catchUp() {
    const now = this.#now;
    const before = now.size;
    const { journal, snapshot } = await this.#read(now);
    if (before <= now.size && !this.#desk.extend(journal.slice(before, now.size))) return;
    const wrong = this.#desk.load(now.id, journal, snapshot, true);
    if (wrong) throw new Error(wrong);
  }

  // What the page is told.

  async #relist() {
    this.#listed = true;
    this.#list = (await this.#store?.list().catch(() => null)) ?? this.#list;
    if (this.engine) this.#shelve();
  }

  #shelve() {
    this.#desk.shelf(this.#list.flatMap(({ id, title, used }) => [id, title, when.format(used)]));
  }

  #tell() {
    const { id, journal } = this.#now;
    const word = !this.#store ? "none" : !id ? "new" : journal ? "saved" : "follows";
    /** @type {KeptState} */
    const kept = { word, id, any: id !== "" || this.#list.length > 0, why: this.#why, damaged: this.#damaged };
    const told = JSON.stringify(kept);
    if (told !== this.#told) this.post({ kind: "kept", kept });
    this.#told = told;
  }
}

const when = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** @returns {Taken} */
function nothing() {
  return { id: "", title: "", held: null, journal: null, size: 0 };
}

/** @param {Taken | null} taken */
function letGo(taken) {
  taken?.journal?.close();
  taken?.held?.release();
}

const gone = "This workspace is no longer stored: it was deleted in another tab.";
const takenOver = "Another tab has just taken this workspace over, so this was not done. Take it over to change it here.";
const room = " Make room, by deleting a workspace or on the disk, and try again; or download this one as a file and go on from that.";

/** A refusal in the words of the DynamoDB API. @param {Reply} refused @returns {Reply} */
function asError({ status, body }) {
  const message = new TextDecoder().decode(body);
  const error = JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message });
  return { status, headers: ["Content-Type", "application/x-amz-json-1.0"], body: new TextEncoder().encode(error) };
}

/** @param {number} ms */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
