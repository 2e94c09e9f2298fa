import { keep, kept, unkeep } from '../edge/database';
import type { Owner } from '../edge/types';

/** What browsers with the File System Access API have beyond the types that TypeScript knows. */
declare global {
  interface Window {
    showDirectoryPicker?: (options?: { id?: string; mode?: 'read' }) => Promise<FileSystemDirectoryHandle>;
  }
  interface DataTransferItem {
    getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
  }
  interface FileSystemDirectoryHandle {
    entries(): AsyncIterableIterator<[string, FileSystemHandle]>;
  }
  interface FileSystemHandle {
    requestPermission?: (options: { mode: 'read' }) => Promise<PermissionState>;
  }
}

/** A file and where it lies under what was chosen. */
export interface Source {
  path: string;
  file: File;
}

/** Folders that were not sent to their end: the browser keeps the way to them, and asks before the page may read them again. */
export interface KeptFolders {
  names: string[];
  handles: FileSystemDirectoryHandle[];
  /** when they were laid here */
  at: string;
}

export const canKeep = () => typeof window.showDirectoryPicker === 'function';

/** Null: the person chose none. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await window.showDirectoryPicker!({ id: 'field-photos', mode: 'read' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

const nameOf = (owner: Owner) => `upload/${owner}`;

export const keepFolders = (owner: Owner, handles: FileSystemDirectoryHandle[]) =>
  keep(nameOf(owner), { names: handles.map((h) => h.name), handles, at: new Date().toISOString() } satisfies KeptFolders);
export const keptFolders = (owner: Owner) => kept<KeptFolders>(nameOf(owner));
export const forgetFolders = (owner: Owner) => unkeep(nameOf(owner));

/** Asks the browser, which asks the person; must follow a press. */
export async function mayRead(handles: FileSystemDirectoryHandle[]): Promise<boolean> {
  for (const handle of handles) if ((await handle.requestPermission?.({ mode: 'read' })) !== 'granted') return false;
  return true;
}

/** Every file beneath, each with its path. */
export async function filesUnder(folder: FileSystemDirectoryHandle, under = folder.name): Promise<Source[]> {
  const all: Source[] = [];
  for await (const [name, entry] of folder.entries()) {
    const path = `${under}/${name}`;
    if (entry.kind === 'file') all.push({ path, file: await (entry as FileSystemFileHandle).getFile() });
    else all.push(...(await filesUnder(entry as FileSystemDirectoryHandle, path)));
  }
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export interface Dropped {
  sources: Source[];
  /** folders that can be read again after the page was closed */
  handles: FileSystemDirectoryHandle[];
}

/** The files of what was dropped, folders and theirs included. */
export async function filesOf(transfer: DataTransfer): Promise<Dropped> {
  const items = [...transfer.items].filter((i) => i.kind === 'file');
  // all at once: the list is empty after the first await
  const entries = items.map((i) => i.webkitGetAsEntry()).filter((e) => e !== null);
  const handles = canKeep() ? await Promise.all(items.map((i) => i.getAsFileSystemHandle?.() ?? Promise.resolve(null))) : [];
  return { sources: (await Promise.all(entries.map(filesIn))).flat(), handles: handles.filter((h) => h?.kind === 'directory') as FileSystemDirectoryHandle[] };
}

/** The same names lie in several folders of one card, so each file keeps its path. */
async function filesIn(entry: FileSystemEntry): Promise<Source[]> {
  if (entry.isFile) return [{ path: entry.fullPath.replace(/^\//, ''), file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (some.length === 0) break;
    all.push(...some);
  }
  return (await Promise.all(all.map(filesIn))).flat();
}

/** Files of an input. */
export const sourcesOf = (files: FileList | null): Source[] => [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
