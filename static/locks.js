// @ts-check
// Which tab works on a workspace, or hosts a region: the one that holds its lock.
// Without Web Locks (a page that came over plain http) every tab may, and the
// store lets the one write that opened it last.

/** @typedef {{release: () => void, lost: boolean}} Held lost: another tab has taken it */

/** How long a lock may still be held by a page that is going away. */
const parting = 400; // ms

/** The lock of a workspace. @param {string} id */
export function workspaceLock(id) {
  return `sortkey:${id}`;
}

/**
 * Takes a lock.
 * @param {string} name
 * @param {() => void} onLost another tab has taken it over
 * @param {{steal?: boolean, patient?: boolean, until?: AbortSignal}} [how] patient: a tab that is being closed may
 *   have it still; until: it is waited for, as long as that
 * @returns {Promise<Held | null>} null: another tab has it
 */
export async function hold(name, onLost, { steal = false, patient = false, until } = {}) {
  /** @type {Held} */
  const held = { release: () => {}, lost: false };
  if (!navigator.locks) return held;
  const signal = until ?? (patient ? AbortSignal.timeout(parting) : null);
  const options = steal ? { steal } : signal ? { signal } : { ifAvailable: true };
  return new Promise((resolve) => {
    let given = false;
    const taken = navigator.locks.request(name, options, (lock) => {
      if (!lock) return;
      given = true;
      return new Promise((release) => {
        held.release = () => {
          given = false;
          release(null);
        };
        resolve(held);
      });
    });
    const over = () => {
      resolve(null); // where it was given this does nothing
      if (!given) return;
      held.lost = true;
      onLost();
    };
    taken.then(over, over);
  });
}

/** Done when the lock is free. @param {string} name @param {AbortSignal} signal */
export async function untilFree(name, signal) {
  if (!navigator.locks) return new Promise(() => {});
  await navigator.locks.request(name, { signal }, () => {});
}

/**
 * The locks that are held, by whichever tab.
 * @returns {Promise<Set<string> | null>} null: there is no telling
 */
export async function locksHeld() {
  if (!navigator.locks) return null;
  const { held = [] } = await navigator.locks.query();
  return new Set(held.flatMap(({ name }) => name ?? []));
}
