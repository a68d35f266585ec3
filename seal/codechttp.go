package seal

import (
	"errors"
	"io"
	"net/http"
	"slices"

	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

const (
	// codecBodyLimit holds a page of history: the server's own limit is 2 MB a payload and 4 MB a message.
	codecBodyLimit = 8 << 20
	codecNamespace = "X-Namespace"
	codecHeaders   = "Authorization, Authorization-Extras, Content-Type, X-Namespace"
)

// codecEndpoint is the remote codec that the Temporal UI and command line call.
type codecEndpoint struct {
	codec     *PayloadCodec
	origins   []string
	authorise func(*http.Request) error
}

// CodecHandler serves POST /decode and POST /encode to callers that authorise lets through, and lets pages of the given
// origins (scheme, host and port, such as "http://127.0.0.1:8233") call it with their credentials. A request must name
// the codec's namespace in X-Namespace. Payloads that are not sealed come back from /decode as they came: a viewer shows
// whole histories, in which search attributes are plain.
func CodecHandler(codec *PayloadCodec, allowedOrigins []string, authorise func(*http.Request) error) http.Handler {
	e := &codecEndpoint{codec: codec, origins: slices.Clone(allowedOrigins), authorise: authorise}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /decode", e.serve(e.decode))
	mux.HandleFunc("POST /encode", e.serve(codec.Encode))
	mux.HandleFunc("OPTIONS /decode", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("OPTIONS /encode", func(http.ResponseWriter, *http.Request) {})
	return e.withCORS(mux)
}

// withCORS answers pre-flight requests, and refuses pages of other origins before they cost anything.
func (e *codecEndpoint) withCORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		w.Header().Add("Vary", "Origin")
		w.Header().Set("Cache-Control", "no-store")
		if origin != "" {
			if !slices.Contains(e.origins, origin) {
				http.Error(w, "this origin may not use the codec: add it to the allowed origins", http.StatusForbidden)
				return
			}
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Allow-Methods", "POST, OPTIONS")
			w.Header().Set("Access-Control-Allow-Headers", codecHeaders)
		}
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (e *codecEndpoint) serve(work func([]*commonpb.Payload) ([]*commonpb.Payload, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := e.authorise(r); err != nil {
			http.Error(w, "you may not use the codec: sign in with a role that may read workflow histories", http.StatusUnauthorized)
			return
		}
		if r.Header.Get(codecNamespace) != e.codec.namespace {
			http.Error(w, "X-Namespace must name the namespace that this codec serves", http.StatusBadRequest)
			return
		}
		payloads, status, problem := readPayloads(w, r)
		if problem != "" {
			http.Error(w, problem, status)
			return
		}
		out, err := work(payloads)
		if err != nil {
			http.Error(w, "a payload does not open: it was altered, or sealed for another namespace or by a key that is gone", http.StatusUnprocessableEntity)
			return
		}
		writePayloads(w, out)
	}
}

func (e *codecEndpoint) decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := slices.Clone(payloads)
	for i, p := range payloads {
		if !isSealed(p) {
			continue
		}
		opened, err := e.codec.open(p)
		if err != nil {
			return nil, err
		}
		out[i] = opened
	}
	return out, nil
}

func readPayloads(w http.ResponseWriter, r *http.Request) (payloads []*commonpb.Payload, status int, problem string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, codecBodyLimit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, http.StatusRequestEntityTooLarge, "the body is over 8 MiB: send fewer payloads at a time"
	}
	if err != nil {
		return nil, http.StatusBadRequest, "the body could not be read: send it again"
	}
	var message commonpb.Payloads
	if err := protojson.Unmarshal(body, &message); err != nil {
		return nil, http.StatusBadRequest, `the body must be JSON of the form {"payloads":[{"metadata":{…},"data":"…"}]}`
	}
	return message.GetPayloads(), http.StatusOK, ""
}

func writePayloads(w http.ResponseWriter, payloads []*commonpb.Payload) {
	body, err := protojson.Marshal(&commonpb.Payloads{Payloads: payloads})
	if err != nil {
		http.Error(w, "the answer could not be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}
