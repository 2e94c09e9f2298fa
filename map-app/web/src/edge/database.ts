const name = 'field-edge';
const version = 1;

export type StoreName = 'devices' | 'items' | 'photos' | 'drafts' | 'trackPoints' | 'kept';

let opened: Promise<IDBDatabase> | null = null;

/** The tablet's database. It is one for all tabs; what is in it survives tab, browser and machine. */
export function database(): Promise<IDBDatabase> {
  return (opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore('devices', { keyPath: 'owner' });
      db.createObjectStore('items', { keyPath: 'key' }).createIndex('owner', 'owner');
      db.createObjectStore('photos', { keyPath: 'photoId' });
      db.createObjectStore('drafts', { keyPath: 'owner' });
      db.createObjectStore('trackPoints', { autoIncrement: true });
      db.createObjectStore('kept', { keyPath: 'name' });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close(); // another tab brings a newer form
      resolve(request.result);
    };
    request.onerror = () => {
      opened = null;
      reject(request.error ?? new Error('no database'));
    };
  }));
}

export const asked = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database refused'));
  });

/**
 * Runs work in one transaction and resolves when it is on the disk, not before: a sequence or a report that was promised survives the power going.
 * The work may await requests of the transaction and nothing else.
 */
export async function change<T>(stores: StoreName[], work: (store: (name: StoreName) => IDBObjectStore) => Promise<T>): Promise<T> {
  const transaction = (await database()).transaction(stores, 'readwrite', { durability: 'strict' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new DOMException('the transaction was given up', 'AbortError'));
  });
  let result: T;
  try {
    result = await work((store) => transaction.objectStore(store));
  } catch (error) {
    done.catch(() => undefined);
    try {
      transaction.abort();
    } catch {
      // it has ended by itself
    }
    throw error;
  }
  await done;
  return result;
}

/** One value, on its way to the disk when this is called: a page that is being left does not take it along. */
export async function put(store: StoreName, value: unknown): Promise<void> {
  const transaction = (await database()).transaction(store, 'readwrite', { durability: 'strict' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new DOMException('the transaction was given up', 'AbortError'));
  });
  transaction.objectStore(store).put(value);
  transaction.commit();
  await done;
}

export async function read<T>(store: StoreName, key: IDBValidKey): Promise<T | undefined> {
  const transaction = (await database()).transaction(store, 'readonly');
  return (await asked(transaction.objectStore(store).get(key))) as T | undefined;
}

/** Small things by name: who was here last, which areas were downloaded. */
export const keep = (name: string, value: unknown) => change(['kept'], (store) => asked(store('kept').put({ name, value })));
export const kept = async <T>(name: string): Promise<T | null> => ((await read<{ value: T }>('kept', name)) ?? { value: null }).value;
export const unkeep = (name: string) => change(['kept'], (store) => asked(store('kept').delete(name)));

/** The disk is full, or the browser gives no more of it. */
export const isFull = (error: unknown) => error instanceof DOMException && (error.name === 'QuotaExceededError' || error.message.includes('uota'));
