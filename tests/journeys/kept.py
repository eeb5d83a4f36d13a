"""What a browser holds of a page's, as text to look for something in."""

from __future__ import annotations

from tests.journeys.stage import Device

READ = """async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open('ruban');
    request.onsuccess = () => resolve(request.result);
  });
  const table = database.transaction('kept').objectStore('kept');
  const read = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const [keys, values] = await Promise.all([read(table.getAllKeys()), read(table.getAll())]);
  database.close();
  const plain = (_, value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  return JSON.stringify(keys.map((key, i) => [key, values[i]]), plain)
    + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie;
}"""


def kept_by(device: Device) -> str:
    """All that the browser keeps for the group's pages: IndexedDB, both storages, cookies."""
    found = device.page.evaluate(READ)
    assert isinstance(found, str)
    return found
