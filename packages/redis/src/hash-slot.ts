/** How many hash slots a cluster has. */
const SLOTS = 16_384;

/** CRC-16 of every byte value (XMODEM: polynomial 0x1021), made when it is first needed. */
let table: Uint16Array | undefined;

/** The hash slot of a key: that of its hash tag, which is what stands in the first pair of braces, where that is not empty. */
export function hashSlot(key: string): number {
	const open = key.indexOf('{');
	const close = open === -1 ? -1 : key.indexOf('}', open + 1);
	const hashed = close > open + 1 ? key.slice(open + 1, close) : key;
	table ??= makeTable();
	let crc = 0;
	for (const byte of Buffer.from(hashed)) {
		crc = ((crc << 8) & 0xffff) ^ table[((crc >> 8) ^ byte) & 0xff]!;
	}
	return crc % SLOTS;
}

function makeTable(): Uint16Array {
	return Uint16Array.from({length: 256}, (_, byte) => {
		let crc = byte << 8;
		for (let bit = 0; bit < 8; bit++) {
			crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
		}
		return crc & 0xffff;
	});
}
