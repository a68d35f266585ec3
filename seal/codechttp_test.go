package seal_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"

	"github.com/privacy-docket/docket/seal"
)

const uiOrigin = "http://127.0.0.1:8233"

func newCodecServer(t *testing.T) (*seal.PayloadCodec, *httptest.Server) {
	t.Helper()
	codec := newCodec(t, "docket")
	server := httptest.NewServer(seal.CodecHandler(codec, []string{uiOrigin}, func(r *http.Request) error {
		if r.Header.Get("Authorization") != "Bearer staff" {
			return errors.New("nobody")
		}
		return nil
	}))
	t.Cleanup(server.Close)
	return codec, server
}

func call(t *testing.T, method, url, body string, headers map[string]string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for k, v := range headers {
		request.Header.Set(k, v)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(text)
}

var staff = map[string]string{"Authorization": "Bearer staff", "X-Namespace": "docket", "Origin": uiOrigin, "Content-Type": "application/json"}

// TestCodecEndpointWithTheSDK uses the SDK's own client of remote codecs.
func TestCodecEndpointWithTheSDK(t *testing.T) {
	t.Parallel()
	codec, server := newCodecServer(t)
	remote := converter.NewRemotePayloadCodec(converter.RemotePayloadCodecOptions{
		Endpoint: server.URL,
		ModifyRequest: func(r *http.Request) error {
			r.Header.Set("Authorization", "Bearer staff")
			r.Header.Set("X-Namespace", "docket")
			return nil
		},
	})
	sealed, err := inWorkflow(codec, "docket", "case-1").Encode([]*commonpb.Payload{plainPayload(canary)})
	require.NoError(t, err)
	search := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain"), "type": []byte("Keyword")}, Data: []byte(`"open"`)}
	opened, err := remote.Decode(append(sealed, search))
	require.NoError(t, err)
	require.True(t, proto.Equal(plainPayload(canary), opened[0]))
	require.True(t, proto.Equal(search, opened[1]), "search attributes pass")

	encoded, err := remote.Encode([]*commonpb.Payload{plainPayload("from the UI")})
	require.NoError(t, err)
	require.Equal(t, seal.SealedEncoding, string(encoded[0].Metadata["encoding"]))
	back, err := openOne(inWorkflow(codec, "docket", "case-1"), encoded[0])
	require.NoError(t, err)
	require.True(t, proto.Equal(plainPayload("from the UI"), back))
}

func TestCodecEndpointRefuses(t *testing.T) {
	t.Parallel()
	_, server := newCodecServer(t)
	with := func(key, value string) map[string]string {
		out := map[string]string{}
		for k, v := range staff {
			out[k] = v
		}
		out[key] = value
		return out
	}
	forged := `{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2RvY2tldC1zZWFsZWQ="},"data":"AAAA"}]}`
	for name, tc := range map[string]struct {
		method, path, body string
		headers            map[string]string
		status             int
		says               string
	}{
		"nobody":          {"POST", "/decode", `{}`, with("Authorization", ""), 401, "sign in"},
		"other namespace": {"POST", "/decode", `{}`, with("X-Namespace", "other"), 400, "X-Namespace"},
		"other origin":    {"POST", "/decode", `{}`, with("Origin", "https://evil.example"), 403, "origin"},
		"no JSON":         {"POST", "/decode", `{"payloads":`, staff, 400, "payloads"},
		"unknown field":   {"POST", "/decode", `{"paylods":[]}`, staff, 400, "payloads"},
		"empty":           {"POST", "/encode", ``, staff, 400, "payloads"},
		"forged":          {"POST", "/decode", forged, staff, 422, "does not open"},
		"too large":       {"POST", "/encode", strings.Repeat(" ", 8<<20+1), staff, 413, "8 MiB"},
		"GET":             {"GET", "/decode", ``, staff, 405, ""},
		"elsewhere":       {"POST", "/other", `{}`, staff, 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response, text := call(t, tc.method, server.URL+tc.path, tc.body, tc.headers)
			require.Equal(t, tc.status, response.StatusCode, text)
			require.Contains(t, text, tc.says)
			if name == "other origin" {
				require.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
			}
		})
	}
}

func TestCodecEndpointAnswersPreflight(t *testing.T) {
	t.Parallel()
	_, server := newCodecServer(t)
	headers := map[string]string{"Origin": uiOrigin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,authorization-extras,x-namespace,content-type"}
	response, _ := call(t, http.MethodOptions, server.URL+"/decode", "", headers)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Equal(t, uiOrigin, response.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "true", response.Header.Get("Access-Control-Allow-Credentials"))
	allowed := strings.ToLower(response.Header.Get("Access-Control-Allow-Headers"))
	for _, h := range []string{"authorization", "authorization-extras", "content-type", "x-namespace"} {
		require.Contains(t, allowed, h)
	}
	require.Contains(t, response.Header.Get("Vary"), "Origin")

	headers["Origin"] = "https://evil.example"
	response, _ = call(t, http.MethodOptions, server.URL+"/decode", "", headers)
	require.Equal(t, http.StatusForbidden, response.StatusCode)
	require.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
}
