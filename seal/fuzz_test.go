package seal_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/proto"

	"github.com/privacy-docket/docket/seal"
)

// patch is what the fuzzer writes over a sealed value from some place on, or in place of it. The keys are others in each
// process, so that inputs are changes and never ciphertexts.
func patch(sealed []byte, at uint16, over []byte, whole bool) []byte {
	if whole {
		return over
	}
	from := int(at) % len(sealed)
	out := append(bytes.Clone(sealed[:from]), over...)
	if from+len(over) < len(sealed) {
		out = append(out, sealed[from+len(over):]...)
	}
	return out
}

// FuzzOpen alters everything that is stored sealed: fields, streams, wrapped keys, payloads of workflows. Nothing opens but
// what was sealed.
func FuzzOpen(f *testing.F) {
	master := newMaster(f)
	wrappedTenant, err := master.NewTenantKeys("tenant")
	require.NoError(f, err)
	tenant, err := master.TenantKeys(wrappedTenant, "tenant")
	require.NoError(f, err)
	wrappedSubject, err := tenant.NewSubjectKey("subject")
	require.NoError(f, err)
	subject, err := tenant.SubjectKey(wrappedSubject, "subject")
	require.NoError(f, err)
	field, err := subject.Seal([]byte("plain"), place)
	require.NoError(f, err)
	wrappedStream, err := tenant.NewStreamKey("package")
	require.NoError(f, err)
	stream, err := tenant.StreamKey(wrappedStream, "package")
	require.NoError(f, err)
	file := sealedStream(f, stream)
	codec := inWorkflow(newCodec(f, "docket"), "docket", "case-1")
	payload := sealOne(f, codec, plainPayload("x"))

	f.Add(uint16(0), []byte{}, false)
	f.Add(uint16(0), []byte{}, true)
	f.Add(uint16(5), []byte{0, 1, 2}, false)
	f.Add(uint16(40), bytes.Repeat([]byte{7}, 300), false)
	f.Fuzz(func(t *testing.T, at uint16, over []byte, whole bool) {
		if opened, err := subject.Open(patch(field, at, over, whole), place); err == nil {
			require.Equal(t, "plain", string(opened))
		} else {
			require.ErrorIs(t, err, seal.ErrOpen)
		}
		if opened, err := openStream(stream, patch(file, at, over, whole)); err == nil {
			require.Equal(t, "a file", string(opened))
		} else {
			require.ErrorIs(t, err, seal.ErrOpen)
		}
		altered := proto.Clone(payload).(*commonpb.Payload)
		altered.Data = patch(payload.Data, at, over, whole)
		if opened, err := openOne(codec, altered); err == nil {
			require.True(t, proto.Equal(plainPayload("x"), opened))
		}
		// The ids of keys stand beside the wrapped keys in the clear: a key that opens is the key it was.
		if keys, err := master.TenantKeys(patch(wrappedTenant, at, over, whole), "tenant"); err == nil {
			_, err := keys.SubjectKey(wrappedSubject, "subject")
			require.NoError(t, err)
		}
		if key, err := tenant.SubjectKey(patch(wrappedSubject, at, over, whole), "subject"); err == nil {
			opened, err := key.Open(field, place)
			require.NoError(t, err)
			require.Equal(t, "plain", string(opened))
		}
	})
}

func sealedStream(t testing.TB, key *seal.StreamKey) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := key.Encrypt(&out, "package")
	require.NoError(t, err)
	_, err = w.Write([]byte("a file"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func openStream(key *seal.StreamKey, sealed []byte) ([]byte, error) {
	r, err := key.Decrypt(bytes.NewReader(sealed), "package")
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// FuzzCodecEndpoint posts any body to the codec that Temporal's page calls: it answers, and never with a fault of its own.
func FuzzCodecEndpoint(f *testing.F) {
	codec := newCodec(f, "docket")
	handler := seal.CodecHandler(codec, nil, func(*http.Request) error { return nil })
	f.Add([]byte(`{"payloads":[{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"Ingi"}]}`), false)
	f.Add([]byte(`{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2RvY2tldC1zZWFsZWQ="},"data":"AAAA"},null]}`), true)
	sealed := sealOne(f, codec, plainPayload("x"))
	f.Add([]byte(`{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2RvY2tldC1zZWFsZWQ="},"data":"`+base64.StdEncoding.EncodeToString(sealed.Data)+`"}]}`), true)
	f.Fuzz(func(t *testing.T, body []byte, decode bool) {
		path := "/encode"
		if decode {
			path = "/decode"
		}
		answer := postTo(handler, path, body)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusUnprocessableEntity}, answer.Code)
		if answer.Code != http.StatusOK || decode {
			return
		}
		back := postTo(handler, "/decode", answer.Body.Bytes())
		require.Equal(t, http.StatusOK, back.Code, "what was sealed opens")
	})
}

func postTo(handler http.Handler, path string, body []byte) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	request.Header.Set("X-Namespace", "docket")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

// FuzzNormalForms reads what people write for an address, a telephone number and a name. A form that was found is its own
// form, so that whoever is found by one writing is found by the other; and no error says what was written.
func FuzzNormalForms(f *testing.F) {
	for _, text := range []string{
		"Ann.Example+tag@Example.ORG", "ann@xn--bcher-kva.example", "ann@Bücher.example", "\"a b\"@c.de", "+49 (0)30 12 34 56", "0049-30/123456",
		"tel:+1 (415) 555-2671", "01 23 45", "Jürgen Øystein O’Neill-Łuczak", "İstanbul ﬁ", "\u0130@x.y", "a@b..c", "a@[127.0.0.1]", "Å ꙋ ᾳ",
	} {
		f.Add(text, "49")
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		if address, err := seal.NormalEmail(text); err == nil {
			again, err := seal.NormalEmail(address)
			require.NoError(t, err)
			require.Equal(t, address, again)
		} else {
			silent(t, err, text)
		}
		if number, err := seal.NormalPhone(text, country); err == nil {
			again, err := seal.NormalPhone(number, country)
			require.NoError(t, err)
			require.Equal(t, number, again)
		} else {
			silent(t, err, text)
		}
		tokens := seal.NameTokens(text)
		require.Equal(t, tokens, seal.NameTokens(strings.Join(tokens, " ")))
		for _, token := range tokens {
			require.True(t, utf8.ValidString(token))
		}
	})
}

func silent(t *testing.T, err error, text string) {
	t.Helper()
	require.ErrorIs(t, err, seal.ErrNotIndexable)
	if len(text) > 40 { // shorter ones may be words of the message itself
		require.NotContains(t, err.Error(), text)
	}
}
