// A picture is made small before it travels: at most 1600 px, JPEG, upright.
const SIDE = 1600;
const ORIENTATION = 0x0112;

export async function shrink(file, { traced = false } = {}) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // a kind that this browser cannot open, like HEIC: the server can, or says why not
  }
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
  if (!small || (small.size >= file.size && scale === 1)) return file;
  const parts = traced ? await withTrace(file, small) : [small];
  return new File(parts, file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

// When and where the picture was taken goes along: the EXIF block of the original, between the first marker and the rest.
async function withTrace(file, small) {
  const exif = findExif(await file.slice(0, 262144).arrayBuffer());
  return exif ? [small.slice(0, 2), exif, small.slice(2)] : [small];
}

function findExif(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === 0xffda || marker < 0xff00 || at + 2 + length > view.byteLength) return null;
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) {
      makeUpright(new DataView(buffer, at + 10, length - 8));
      return buffer.slice(at, at + 2 + length);
    }
    at += 2 + length;
  }
  return null;
}

// The small picture is upright already: the block must not turn it once more.
function makeUpright(tiff) {
  const little = tiff.getUint16(0) === 0x4949;
  const start = tiff.getUint32(4, little);
  if (start + 2 > tiff.byteLength) return;
  const entries = tiff.getUint16(start, little);
  for (let entry = start + 2; entry + 12 <= tiff.byteLength && entry < start + 2 + 12 * entries; entry += 12) {
    if (tiff.getUint16(entry, little) === ORIENTATION) tiff.setUint16(entry + 8, 1, little);
  }
}
