package wire

import (
	"bytes"
	"encoding/binary"
)

// What a recording is taken for by its size, in bytes for a second. It lasts no longer
// than at the least, which is below every codec of speech; where nothing says how long it
// is, it is taken for one of low quality; and nothing that gives up sound for size has more
// than the most.
const (
	leastAudio = 500
	usualAudio = 2_000
	mostAudio  = 64_000
)

// What plain samples can be.
const (
	mostRate     = 768_000 // in a second
	mostChannels = 64
	mostBits     = 64
)

// maxMillis is the longest recording that a header is believed to have: a week.
const maxMillis = 7 * 24 * 3600 * 1000

// audioLength says how long a recording is in milliseconds, as its own header has it or
// else by its size, and how long it can be at most. Only of plain samples the header is
// believed in that: of anything else the size says what it can be.
func audioLength(b []byte) (said, most int64) {
	size := int64(len(b))
	most = size*1000/leastAudio + 1
	plain := false
	switch {
	case bytes.HasPrefix(b, []byte("RIFF")) && len(b) > 12 && string(b[8:12]) == "WAVE":
		if said, plain = wavLength(b); plain {
			return said, max(said, 1)
		}
	case bytes.HasPrefix(b, []byte("fLaC")):
		said = flacLength(b)
	case bytes.HasPrefix(b, []byte("OggS")):
		said = oggLength(b)
	case len(b) > 8 && string(b[4:8]) == "ftyp":
		said = mp4Length(b)
	default:
		said = mp3Length(b)
	}
	if said <= 0 || said > maxMillis {
		return size*1000/usualAudio + 1, most
	}
	if !bytes.HasPrefix(b, []byte("fLaC")) {
		said = max(said, size*1000/mostAudio)
	}
	return said, max(said, most)
}

func millis(count, perSecond int64) int64 {
	if count <= 0 || perSecond <= 0 || count > 1<<50 {
		return 0
	}
	return (count*1000 + perSecond - 1) / perSecond
}

// wavLength reads a RIFF file. plain says that it holds plain samples.
func wavLength(b []byte) (n int64, plain bool) {
	le := binary.LittleEndian
	var perSecond int64
	for at := 12; at+8 <= len(b); {
		size, body := int64(le.Uint32(b[at+4:])), b[at+8:]
		switch string(b[at : at+4]) {
		case "fmt ":
			if len(body) < 16 {
				return 0, false
			}
			switch le.Uint16(body) {
			case 1, 3, 6, 7, 0xFFFE:
			default:
				return 0, false
			}
			rate, channels, bits := int64(le.Uint32(body[4:])), int64(le.Uint16(body[2:])), int64(le.Uint16(body[14:]))
			if rate > mostRate || channels > mostChannels || bits > mostBits {
				return 0, false
			}
			perSecond = rate * channels * bits / 8
		case "data":
			// A file that was written as it was recorded does not know its size.
			n = millis(int64(len(body)), perSecond)
			return min(n, maxMillis), n > 0
		}
		if size > int64(len(body)) {
			break
		}
		at += 8 + int(size+size&1)
	}
	return 0, false
}

func flacLength(b []byte) int64 {
	if len(b) < 26 {
		return 0
	}
	v := binary.BigEndian.Uint64(b[18:])
	return millis(int64(v&(1<<36-1)), int64(v>>44))
}

// oggLength reads how many samples the last page ends with.
func oggLength(b []byte) int64 {
	le := binary.LittleEndian
	last := bytes.LastIndex(b, []byte("OggS"))
	if last < 0 || len(b) < last+14 {
		return 0
	}
	samples := int64(le.Uint64(b[last+6:]))
	head := b[:min(len(b), 256)]
	if i := bytes.Index(head, []byte("OpusHead")); i >= 0 && len(head) >= i+12 {
		return millis(samples-int64(le.Uint16(head[i+10:])), 48_000)
	}
	if i := bytes.Index(head, []byte("\x01vorbis")); i >= 0 && len(head) >= i+16 {
		return millis(samples, int64(le.Uint32(head[i+12:])))
	}
	return 0
}

// mp4Length reads the movie header.
func mp4Length(b []byte) int64 {
	be := binary.BigEndian
	for within := 0; within < 2; {
		if len(b) < 8 {
			return 0
		}
		size, head := uint64(be.Uint32(b)), 8
		switch size {
		case 0:
			size = uint64(len(b))
		case 1:
			if len(b) < 16 {
				return 0
			}
			size, head = be.Uint64(b[8:]), 16
		}
		if size < uint64(head) || size > uint64(len(b)) {
			return 0
		}
		switch kind := string(b[4:8]); {
		case kind == "moov" && within == 0:
			b, within = b[head:size], 1
			continue
		case kind == "mvhd" && within == 1:
			v := b[head:size]
			switch {
			case len(v) >= 20 && v[0] == 0:
				return millis(int64(be.Uint32(v[16:])), int64(be.Uint32(v[12:])))
			case len(v) >= 32 && v[0] == 1:
				return millis(int64(be.Uint64(v[24:])), int64(be.Uint32(v[20:])))
			}
			return 0
		}
		b = b[size:]
	}
	return 0
}

// The bit rates of MPEG audio's layer III in thousands, and its sample rates.
var (
	mp3Rates  = [2][16]int64{{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}, {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}}
	mp3Sample = [4][3]int64{{11025, 12000, 8000}, {}, {22050, 24000, 16000}, {44100, 48000, 32000}} // by version: 2.5, none, 2, 1
)

// mp3Length reads the first frame: how many there are, or at which rate.
func mp3Length(b []byte) int64 {
	if len(b) > 10 && string(b[:3]) == "ID3" {
		tag := 10 + int(b[6]&127)<<21 + int(b[7]&127)<<14 + int(b[8]&127)<<7 + int(b[9]&127)
		if tag >= len(b) {
			return 0
		}
		b = b[tag:]
	}
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xE0 != 0xE0 || b[1]>>1&3 != 1 {
		return 0
	}
	version, rate := b[1]>>3&3, b[2]>>2&3
	if version == 1 || rate == 3 {
		return 0
	}
	first, samples := 0, int64(576)
	if version == 3 {
		first, samples = 1, 1152
	}
	head := b[:min(len(b), 64)]
	for _, mark := range []string{"Xing", "Info"} {
		if i := bytes.Index(head, []byte(mark)); i >= 0 && len(head) >= i+12 && head[i+7]&1 != 0 {
			return millis(int64(binary.BigEndian.Uint32(head[i+8:]))*samples, mp3Sample[version][rate])
		}
	}
	return millis(int64(len(b)), mp3Rates[first][b[2]>>4]*1000/8)
}
