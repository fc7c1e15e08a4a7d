package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func wavOf(kind, channels uint16, rate uint32, bits uint16, data int) string {
	le := binary.LittleEndian
	b := []byte("RIFF\x00\x00\x00\x00WAVELIST\x05\x00\x00\x00abcde\x00fmt \x10\x00\x00\x00")
	b = le.AppendUint16(le.AppendUint16(b, kind), channels)
	b = le.AppendUint32(le.AppendUint32(b, rate), 12345) // bytes for a second: nobody may rely on them
	b = le.AppendUint16(le.AppendUint16(b, channels*bits/8), bits)
	b = append(b, "data\xff\xff\xff\xff"...)
	return string(b) + strings.Repeat("\x00", data)
}

func be32(n ...uint32) (s string) {
	for _, v := range n {
		s += string(binary.BigEndian.AppendUint32(nil, v))
	}
	return s
}

func box(kind, body string) string { return be32(uint32(8+len(body))) + kind + body }

// TestAudioLength: a recording is as long as its header says, or else as its size says;
// only that of plain samples bounds it, since of anything else a header may lie.
func TestAudioLength(t *testing.T) {
	pad := func(head string, size int) string { return head + strings.Repeat("\x00", size-len(head)) }
	flac := "fLaC\x00\x00\x00\x22" + strings.Repeat("\x00", 10) + string(binary.BigEndian.AppendUint64(nil, 44100<<44|1<<41|15<<36|88200))
	ogg := func(head string, samples uint64) string {
		page := func(n uint64, body string) string {
			return "OggS\x00\x02" + string(binary.LittleEndian.AppendUint64(nil, n)) + strings.Repeat("\x00", 14) + body
		}
		return page(0, head) + page(samples, "x")
	}
	mvhd := box("mvhd", be32(0, 0, 0, 1000, 2500, 0))
	long := box("mvhd", be32(1<<24, 0, 0, 0, 0, 600, 0, 1500))
	for name, c := range map[string]struct {
		file       string
		said, most int64 // most 0: by the size
	}{
		"wav":                   {wavOf(1, 2, 16000, 16, 128_000), 2000, 2000},
		"wav, a bit too much":   {wavOf(1, 1, 8000, 8, 8001), 1001, 1001},
		"wav of many channels":  {wavOf(1, mostChannels, 1000, 8, 1000*mostChannels), 1000, 1000},
		"wav of another codec":  {wavOf(49, 1, 8000, 0, 1_000), 0, 0},
		"wav without a rate":    {wavOf(1, 0, 0, 0, 1_000), 0, 0},
		"wav that lies":         {wavOf(1, 0xFFFF, 0xFFFFFFFF, 0xFFFF, 1_000), 0, 0},
		"flac":                  {pad(flac, 1_000), 2000, 2001},
		"opus":                  {pad(ogg("OpusHead\x01\x01\x38\x01", 48_000*3+0x138), 1_000), 3000, 3000},
		"vorbis":                {pad(ogg("\x01vorbis\x00\x00\x00\x00\x02\x44\xac\x00\x00", 44_100), 1_000), 1000, 0},
		"m4a":                   {pad(box("ftyp", "M4A ")+box("free", "room")+box("moov", box("udta", "")+mvhd), 2_000), 2500, 0},
		"m4a, behind the sound": {box("ftyp", "M4A ") + box("mdat", strings.Repeat("x", 5_000)) + box("moov", long), 2500, 0},
		"mp3":                   {pad("\xff\xfb\x90\x00", 16_000), 1000, 0},
		"mp3, MPEG 2":           {pad("\xff\xf3\x40\x00", 4_000), 1000, 0},
		"mp3 with a tag":        {pad("ID3\x04\x00\x00\x00\x00\x01\x00"+strings.Repeat("t", 128)+"\xff\xfb\x90\x00", 16_138), 1000, 0},
		"mp3 with a picture":    {pad("ID3\x04\x00\x00\x00\x01\x00\x00"+strings.Repeat("t", 1<<14)+"\xff\xfb\x90\x00", 10+1<<14+32_000), 2000, 0},
		"mp3 of any rate":       {pad("\xff\xfb\x90\x00"+strings.Repeat("\x00", 32)+"Xing\x00\x00\x00\x01"+be32(100), 3_000), 2613, 0},
		"a header that lies":    {pad("\xff\xfb\x90\x00"+strings.Repeat("\x00", 32)+"Xing\x00\x00\x00\x01"+be32(1), 640_000), 10_000, 0},
		"no header":             {strings.Repeat("?", 4_000), 0, 0},
		"nothing":               {"", 0, 0},
	} {
		size := int64(len(c.file))
		if c.said == 0 {
			c.said = size*1000/usualAudio + 1
		}
		if c.most == 0 {
			c.most = max(size*1000/leastAudio+1, c.said)
		}
		if said, most := audioLength([]byte(c.file)); said != c.said || most != max(c.most, c.said) {
			t.Errorf("%s: %d ms, at most %d; want %d and %d", name, said, most, c.said, c.most)
		}
		// What breaks off anywhere is no panic, and never longer than it can be.
		for i := range min(len(c.file), 400) {
			if said, most := audioLength([]byte(c.file[:i])); said < 0 || said > maxMillis || most < said {
				t.Fatalf("%s cut at %d: %d of at most %d", name, i, said, most)
			}
		}
	}
}

func FuzzAudioLength(f *testing.F) {
	for _, s := range []string{wavOf(1, 1, 8000, 8, 10), "fLaC" + strings.Repeat("\xff", 40), "OggS" + strings.Repeat("\x7f", 40), box("ftyp", "M4A ") + box("moov", box("mvhd", be32(0, 0, 0, 1, 9))), "ID3\x04\x00\x00\x00\x00\x00\x01x\xff\xfb\x90\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if said, most := audioLength(b); said < 0 || said > maxMillis || most < said {
			t.Fatalf("%d ms of at most %d", said, most)
		}
	})
}

func TestReadImages(t *testing.T) {
	data := "data:image/png;base64," + strings.Repeat("A", 100_000)
	for body, want := range map[string]struct {
		units Units
		media []string
	}{
		`{"model":"m"}`: {Units{Images: 1, ImageTokens: 6242}, nil},
		`{"model":"m","n":3,"size":"1024x1024","quality":"medium"}`:                   {Units{Images: 3, Size: "1024x1024", Quality: "medium", ImageTokens: 1058}, nil},
		`{"model":"m","partial_images":0}`:                                            {Units{Images: 1, ImageTokens: 6242}, nil},
		`{"model":"m","partial_images":null,"size":null}`:                             {Units{Images: 1, ImageTokens: 6242}, nil},
		`{"model":"m","size":"auto","quality":"low","partial_images":2}`:              {Units{Images: 1, Quality: "low", ImageTokens: 609}, nil},
		`{"model":"m","size":"huge","quality":"low","partial_images":"x"}`:            {Units{Images: 1, Size: "huge", Quality: "low", ImageTokens: 5353}, nil},
		`{"model":"m","images":[{"image_url":"https://e.org/a"},{"file_id":"f"}]}`:    {Units{Images: 1, ImageTokens: 6242, ImagesIn: 2}, []string{"https://e.org/a"}},
		`{"model":"m","image":"` + data + `","mask":{"image_url":"https://e.org/b"}}`: {Units{Images: 1, ImageTokens: 6242, ImagesIn: 2}, []string{"https://e.org/b"}},
	} {
		p, err := ReadImages(objectOf(t, body))
		if err != nil || p.Units != want.units || !slices.Equal(p.Media, want.media) || p.InputBound > 10_000 {
			t.Errorf("%.80s: %+v, %v", body, p, err)
		}
	}
	var field *ErrField
	if _, err := ReadImages(objectOf(t, fmt.Sprintf(`{"model":"m","images":[%s{}]}`, strings.Repeat("{},", MaxImages)))); !errors.As(err, &field) {
		t.Errorf("more images than are taken: %v", err)
	}
	if p, err := ReadImages(objectOf(t, fmt.Sprintf(`{"model":"m","images":[%s{}]}`, strings.Repeat("{},", MaxImages-1)))); err != nil || p.Units.ImagesIn != MaxImages {
		t.Errorf("as many as are taken: %+v, %v", p, err)
	}
}

func TestReadRanking(t *testing.T) {
	for body, want := range map[string]struct {
		documents, searches int64
		least               int64 // of the bound
		media               []string
	}{
		`{"model":"m","query":"abc","documents":["de","f"]}`:                                                                {2, 1, 9, nil},
		`{"model":"m","text_1":["abc","d"],"text_2":["e","fgh"]}`:                                                           {2, 1, 8, nil},
		`{"model":"m","query":"a","items":["b"]}`:                                                                           {1, 1, 2, nil},
		`{"model":"m","query":"a","documents":["` + strings.Repeat("b", 51_001) + `"]}`:                                     {1, 2, 51_002, nil},
		`{"model":"m","query":"a","documents":["` + strings.Repeat("b", 51_000) + `"]}`:                                     {1, 1, 51_001, nil},
		`{"model":"m","query":{"text":"a","more":"` + strings.Repeat("b", 1000) + `"},"documents":["c"]}`:                   {1, 1, 1000, nil},
		`{"model":"m","text_1":"a","text_2":{"content":[{"type":"text","text":"b"},{"type":"text","text":"c"}]}}`:           {2, 1, 4, nil},
		`{"model":"m","query":"a","documents":[{"text":"b"},{"image_url":{"url":"https://e.org/a"}}]}`:                      {2, 1, 4, []string{"https://e.org/a"}},
		`{"model":"m","text_1":"a","text_2":{"content":[{"type":"image_url","image_url":{"url":"https://e.org/b"}}]}}`:      {1, 1, 2, []string{"https://e.org/b"}},
		`{"model":"m","query":"a","documents":["see https://10.0.0.1/ and {\"image_url\":{\"url\":\"http://10.0.0.1\"}}"]}`: {1, 1, 2, nil},
	} {
		p, err := ReadRanking(objectOf(t, body))
		if err != nil || p.Units.Documents != want.documents || p.Searches != want.searches || p.InputBound < want.least || !slices.Equal(p.Media, want.media) {
			t.Errorf("%.100s: %+v, %v", body, p, err)
		}
	}
	for _, n := range []int{MaxDocuments, MaxDocuments + 1} {
		body := `{"model":"m","query":"a","documents":[` + strings.Repeat(`"b",`, n-1) + `"b"]}`
		if _, err := ReadRanking(objectOf(t, body)); (err == nil) != (n == MaxDocuments) {
			t.Errorf("%d documents: %v", n, err)
		}
	}
	for _, body := range []string{`{"model":"m"}`, `{"model":"m","query":"a"}`, `{"model":"m","query":"a","documents":[]}`, `{"model":"m","documents":["a"]}`} {
		var field *ErrField
		if _, err := ReadRanking(objectOf(t, body)); !errors.As(err, &field) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestReadSpeech(t *testing.T) {
	p, err := ReadSpeech(objectOf(t, `{"model":"m","input":"h\u00e9 \ud83d\ude00","stream_format":"sse","stream":false}`))
	if err != nil || p.Units.Characters != 4 || !p.Stream {
		t.Errorf("%+v, %v", p, err)
	}
	for voice, media := range map[string]int{`"https://e.org/voice.wav"`: 1, `"data:audio/wav;base64,AAAA"`: 0, `"AAAA"`: 0, `null`: 0} {
		if p, err := ReadSpeech(objectOf(t, `{"model":"m","input":"a","ref_audio":`+voice+`}`)); err != nil || len(p.Media) != media {
			t.Errorf("%s: %+v, %v", voice, p, err)
		}
	}
	for _, body := range []string{`{"model":"m"}`, `{"model":"m","input":""}`, `{"model":"m","input":["a"]}`, `{"model":"m","input":"a","n":"x"}`} {
		var field *ErrField
		if _, err := ReadSpeech(objectOf(t, body)); !errors.As(err, &field) {
			t.Errorf("%s: %v", body, err)
		}
	}
}
