// @ts-check
// Which tab works on a workspace: the one that holds its lock. Without Web
// Locks (a page that came over plain http) every tab may, and the store lets
// the one write that opened the workspace last.

/** @typedef {{release: () => void, lost: boolean}} Held lost: another tab has taken it */

/** How long a lock may still be held by a page that is going away. */
const parting = 400; // ms

/** @param {string} id */
function nameOf(id) {
  return `sortkey:${id}`;
}

/**
 * Takes a workspace's lock.
 * @param {string} id
 * @param {() => void} onLost another tab has taken it over
 * @param {{steal?: boolean, patient?: boolean}} [how] patient: a tab that is being closed may have it still
 * @returns {Promise<Held | null>} null: another tab has it
 */
export async function hold(id, onLost, { steal = false, patient = false } = {}) {
  /** @type {Held} */
  const held = { release: () => {}, lost: false };
  if (!navigator.locks) return held;
  const options = steal ? { steal } : patient ? { signal: AbortSignal.timeout(parting) } : { ifAvailable: true };
  return new Promise((resolve) => {
    let given = false;
    const taken = navigator.locks.request(nameOf(id), options, (lock) => {
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

/** Done when the workspace's lock is free. @param {string} id @param {AbortSignal} signal */
export async function untilFree(id, signal) {
  if (!navigator.locks) return new Promise(() => {});
  await navigator.locks.request(nameOf(id), { signal }, () => {});
}
