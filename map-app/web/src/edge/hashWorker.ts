/** Hashes photos beside the page, so that nothing stops under the finger. */
self.onmessage = async (event: MessageEvent<{ id: number; blob: Blob }>) => {
  const { id, blob } = event.data;
  try {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    self.postMessage({ id, hash: Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('') });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};
