// @ts-check
// Where workspaces are stored, in the worker: in the browser's private file
// system, or in IndexedDB where that cannot be written to. The regions that tabs
// host are stored likewise, in a place of their own.
//
// Each workspace is a journal, which only grows; a snapshot, which saves
// replaying it; and its title. A journal opened for writing is written to by
// nobody else: the file system locks the file, and in the database every
// append checks that the journal is still its own.

/**
 * @typedef {{id: string, title: string, used: number}} Kept used: when it was changed last, in ms
 * @typedef {{journal: Uint8Array, snapshot: Uint8Array}} Stored
 *
 * @typedef {object} Store
 * @property {() => Promise<Kept[]>} list newest first
 * @property {(id: string) => Promise<Stored>} read also while another tab writes; NotFoundError if it is gone
 * @property {(id: string) => Promise<Journal>} begin a new workspace
 * @property {(id: string) => Promise<Journal>} open NoModificationAllowedError while another tab writes
 * @property {(id: string) => Promise<void>} remove
 *
 * @typedef {object} Journal open for writing
 * @property {number} size in bytes: what is stored for certain
 * @property {() => Promise<Uint8Array>} read
 * @property {(lines: Uint8Array) => Promise<void>} append all of it or nothing; done when it is stored for certain
 * @property {(bytes: Uint8Array) => Promise<void>} snapshot
 * @property {(title: string) => Promise<void>} title
 * @property {() => void} close
 */

const empty = new Uint8Array(0);

/**
 * Opens the store that this browser has.
 * @param {string} [place] the name of its folder and of its database: workspaces have one, regions another
 * @returns {Promise<{store: Store | null, why: string}>} why there is none, in a few words
 */
export async function openStore(place = "sortkey") {
  const why = [];
  for (const open of [openFolders, openDatabase]) {
    try {
      return { store: await open(place), why: "" };
    } catch (error) {
      why.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { store: null, why: why.join("; ") };
}

/** How long to wait for another tab's last write, or for a page that is going away. */
const lettingGo = 5000; // ms

/**
 * Opens a journal for writing, as soon as a page that is going away has let go of it.
 * @param {Store} store @param {string} id
 * @returns {Promise<Journal | null>} null: another tab writes, and goes on
 */
export async function openSoon(store, id) {
  for (const until = performance.now() + lettingGo; ; await new Promise((r) => setTimeout(r, 20))) {
    try {
      return await store.open(id);
    } catch (error) {
      if (nameOf(error) !== "NoModificationAllowedError") throw error;
      if (performance.now() >= until) return null;
    }
  }
}

/** @param {unknown} error */
export function nameOf(error) {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/**
 * The words for what was not done because it could not be stored.
 * @param {unknown} error
 * @param {string} what it was to be done to: "region"
 */
export function notStored(error, what) {
  const why =
    nameOf(error) === "QuotaExceededError"
      ? "There is no room left for what this browser may store on this device"
      : `This browser could not store it (${error})`;
  return `${why}, so this was not done. Nothing was lost and nothing was changed: the ${what} is as it was before.`;
}

// The file system: <place>/<id>/ with the files journal, title, and snapshot.0
// and snapshot.1, of which the newer complete one counts.

/** @param {string} place @returns {Promise<Store>} */
async function openFolders(place) {
  if (!navigator.storage?.getDirectory || !("createSyncAccessHandle" in FileSystemFileHandle.prototype)) {
    throw new Error("it has no private files");
  }
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(place, { create: true });
  return {
    async list() {
      const list = [];
      for await (const [id, folder] of root.entries()) {
        const kept = folder instanceof FileSystemDirectoryHandle ? await aboutFolder(id, folder) : null;
        if (kept) list.push(kept);
      }
      return list.sort((a, b) => b.used - a.used);
    },
    async read(id) {
      const folder = await root.getDirectoryHandle(id);
      return { journal: await contentOf(folder, "journal"), snapshot: (await newestSlot(folder)).bytes };
    },
    async begin(id) {
      const folder = await root.getDirectoryHandle(id, { create: true });
      return FolderJournal.open(folder, await folder.getFileHandle("journal", { create: true }));
    },
    async open(id) {
      const folder = await root.getDirectoryHandle(id);
      return FolderJournal.open(folder, await folder.getFileHandle("journal"));
    },
    remove: (id) => root.removeEntry(id, { recursive: true }),
  };
}

/** @param {string} id @param {FileSystemDirectoryHandle} folder @returns {Promise<Kept | null>} null: never stored for certain */
async function aboutFolder(id, folder) {
  try {
    const journal = await (await folder.getFileHandle("journal")).getFile();
    if (journal.size === 0) return null;
    const title = await (await folder.getFileHandle("title")).getFile().catch(() => null);
    return { id, title: (await title?.text()) || "Untitled", used: Math.max(journal.lastModified, title?.lastModified ?? 0) };
  } catch {
    return null; // removed, or being begun, at this moment
  }
}

/**
 * A file's content. One that is written to while it is read is read again.
 * @param {FileSystemDirectoryHandle} folder @param {string} name
 */
async function contentOf(folder, name) {
  for (let tries = 0; ; tries++) {
    const file = await (await folder.getFileHandle(name)).getFile();
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      if (tries >= 20) throw error;
    }
  }
}

/** @implements {Journal} */
class FolderJournal {
  size = 0;
  #torn = false;
  /** where the next snapshot goes; 0 until that is known */
  #slot = 0;

  /** @param {FileSystemDirectoryHandle} folder @param {any} file a FileSystemFileHandle */
  static async open(folder, file) {
    const journal = new FolderJournal(folder, await file.createSyncAccessHandle());
    journal.size = wholeLines(await journal.read());
    journal.#torn = journal.size !== journal.file.getSize();
    return journal;
  }

  /** @param {FileSystemDirectoryHandle} folder @param {any} file a FileSystemSyncAccessHandle */
  constructor(folder, file) {
    this.folder = folder;
    this.file = file;
  }

  async read() {
    const bytes = new Uint8Array(this.size || this.file.getSize());
    this.file.read(bytes, { at: 0 });
    return bytes;
  }

  /** @param {Uint8Array} lines */
  async append(lines) {
    try {
      if (this.#torn) this.file.truncate(this.size);
      this.#torn = true;
      write(this.file, lines, this.size);
    } catch (error) {
      this.#mend();
      throw error;
    }
    this.#torn = false;
    this.size += lines.length;
  }

  /** Takes away what a write that failed has left; if that fails too, the next append does it. */
  #mend() {
    try {
      this.file.truncate(this.size);
      this.#torn = false;
    } catch {
      // A full disk, or a handle that has been lost.
    }
  }

  /** @param {Uint8Array} bytes */
  async snapshot(bytes) {
    this.#slot ||= 1 + (await newestSlot(this.folder)).slot;
    const seal = new Uint8Array(12);
    const view = new DataView(seal.buffer);
    view.setUint32(0, this.#slot);
    view.setUint32(4, bytes.length);
    view.setUint32(8, sum(bytes));
    await replace(this.folder, `snapshot.${this.#slot % 2}`, bytes, seal);
    this.#slot++;
  }

  /** @param {string} title */
  async title(title) {
    await replace(this.folder, "title", new TextEncoder().encode(title));
  }

  close() {
    this.file.close();
  }
}

/** How far a journal goes in whole lines: a last one cut short was never acknowledged. @param {Uint8Array} journal */
export function wholeLines(journal) {
  return journal.lastIndexOf(10) + 1;
}

/** @param {any} file a FileSystemSyncAccessHandle @param {Uint8Array} bytes @param {number} at */
function write(file, bytes, at) {
  if (file.write(bytes, { at }) !== bytes.length) throw new DOMException("The disk is full.", "QuotaExceededError");
  file.flush();
}

/** @param {FileSystemDirectoryHandle} folder @param {string} name @param {Uint8Array[]} parts */
async function replace(folder, name, ...parts) {
  const handle = await folder.getFileHandle(name, { create: true });
  const file = await /** @type {any} */ (handle).createSyncAccessHandle();
  try {
    file.truncate(0);
    let at = 0;
    for (const bytes of parts) {
      write(file, bytes, at);
      at += bytes.length;
    }
  } catch (error) {
    file.truncate(0); // half a file is of no use, and the room may be
    throw error;
  } finally {
    file.close();
  }
}

/** The newer of the two snapshots that is complete. @param {FileSystemDirectoryHandle} folder */
async function newestSlot(folder) {
  let newest = { slot: 0, bytes: empty };
  for (const name of ["snapshot.0", "snapshot.1"]) {
    const content = await contentOf(folder, name).catch(() => empty);
    if (content.length < 12) continue;
    const bytes = content.subarray(0, -12);
    const seal = new DataView(content.buffer, content.byteOffset + bytes.length);
    const slot = seal.getUint32(0);
    if (slot >= newest.slot && seal.getUint32(4) === bytes.length && seal.getUint32(8) === sum(bytes)) newest = { slot, bytes };
  }
  return newest;
}

/** A checksum, FNV-1a. @param {Uint8Array} bytes */
function sum(bytes) {
  let h = 0x811c9dc5;
  for (const b of bytes) h = Math.imul(h ^ b, 0x01000193);
  return h >>> 0;
}

// The database: one store, with keys ["about", id], ["journal", id, n] and
// ["snapshot", id]. A journal lies there in pieces, as they were appended.

/** @typedef {Kept & {owner: string}} About owner: a token of the journal that was opened last */

/** @param {string} place @returns {Promise<Store>} */
async function openDatabase(place) {
  if (!globalThis.indexedDB) throw new Error("it has no IndexedDB");
  const asked = indexedDB.open(place, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
  const db = await result(asked);
  db.onversionchange = () => db.close();
  return {
    async list() {
      /** @type {About[]} */
      const list = await result(reading(db).getAll(IDBKeyRange.bound(["about"], ["about", []])));
      return list.map(({ id, title, used }) => ({ id, title, used })).sort((a, b) => b.used - a.used);
    },
    async read(id) {
      const store = reading(db);
      const [pieces, snapshot] = await Promise.all([result(store.getAll(piecesOf(id))), result(store.get(["snapshot", id]))]);
      if (pieces.length === 0) throw new DOMException("It is not stored.", "NotFoundError");
      return { journal: joined(pieces), snapshot: snapshot ?? empty };
    },
    begin: (id) => DatabaseJournal.open(db, id, { id, title: "Untitled", used: 0, owner: "" }),
    open: (id) => DatabaseJournal.open(db, id, null),
    async remove(id) {
      await writing(db, (store) => {
        store.delete(["about", id]);
        store.delete(["snapshot", id]);
        store.delete(piecesOf(id));
      });
    },
  };
}

/** @implements {Journal} */
class DatabaseJournal {
  size = 0;
  /** how many pieces there are */
  #pieces = 0;

  /** @param {IDBDatabase} db @param {string} id @param {About | null} fresh */
  static async open(db, id, fresh) {
    const token = newID();
    const journal = new DatabaseJournal(db, id, token);
    await writing(db, async (store) => {
      const about = (await result(store.get(["about", id]))) ?? fresh;
      if (!about) throw new DOMException("It is not stored.", "NotFoundError");
      store.put({ ...about, owner: token }, ["about", id]);
      const pieces = await result(store.getAll(piecesOf(id)));
      journal.#pieces = pieces.length;
      journal.size = pieces.reduce((n, piece) => n + piece.length, 0);
    });
    return journal;
  }

  /** @param {IDBDatabase} db @param {string} id @param {string} token */
  constructor(db, id, token) {
    this.db = db;
    this.id = id;
    this.token = token;
  }

  async read() {
    return joined(await result(reading(this.db).getAll(piecesOf(this.id))));
  }

  /** @param {Uint8Array} lines */
  async append(lines) {
    await this.#write({ used: Date.now() }, (store) => store.put(lines, ["journal", this.id, this.#pieces]));
    this.#pieces++;
    this.size += lines.length;
  }

  /** @param {Uint8Array} bytes */
  async snapshot(bytes) {
    await this.#write({}, (store) => store.put(bytes, ["snapshot", this.id]));
  }

  /** @param {string} title */
  async title(title) {
    await this.#write({ title, used: Date.now() });
  }

  /**
   * Writes if this journal is still the one opened last.
   * @param {Partial<About>} about @param {(store: IDBObjectStore) => void} [also]
   */
  async #write(about, also) {
    await writing(this.db, async (store) => {
      /** @type {About | undefined} */
      const now = await result(store.get(["about", this.id]));
      if (now?.owner !== this.token) throw new DOMException("Another tab has taken it over.", "NoModificationAllowedError");
      store.put({ ...now, ...about }, ["about", this.id]);
      also?.(store);
    });
  }

  close() {}
}

/** @param {string} id */
function piecesOf(id) {
  return IDBKeyRange.bound(["journal", id], ["journal", id, []]);
}

/** @param {Uint8Array[]} pieces */
function joined(pieces) {
  const all = new Uint8Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** @param {IDBDatabase} db */
function reading(db) {
  return db.transaction("kept").objectStore("kept");
}

/**
 * One transaction, which is on the disk when this is done, or as if it had not been.
 * @param {IDBDatabase} db @param {(store: IDBObjectStore) => void | Promise<void>} act
 */
async function writing(db, act) {
  const transaction = db.transaction("kept", "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new DOMException("The write was stopped.", "AbortError"));
  });
  done.catch(() => {}); // it is waited for below, unless act fails first
  try {
    await act(transaction.objectStore("kept"));
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    throw error;
  }
  await done;
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** An id that nobody else makes: by time first, so that ids sort by age. */
export function newID() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return Date.now().toString(36) + [...random].map((n) => n.toString(36).padStart(7, "0")).join("");
}
