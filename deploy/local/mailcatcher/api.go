package mailcatcher

import (
	"encoding/json"
	"errors"
	"net/http"
)

const maxOrder = 4 << 10 // bytes of an order's JSON

// web serves the page and the API.
type web struct {
	store  *store
	faults *faults
}

func (w *web) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.listPage)
	mux.HandleFunc("GET /messages/{id}", w.messagePage)
	mux.HandleFunc("GET /messages/{id}/html", w.htmlPart)
	mux.HandleFunc("GET /api/messages", w.list)
	mux.HandleFunc("DELETE /api/messages", w.remove)
	mux.HandleFunc("GET /api/messages/{id}", w.get)
	mux.HandleFunc("GET /api/messages/{id}/raw", w.raw)
	mux.HandleFunc("DELETE /api/messages/{id}", w.remove)
	mux.HandleFunc("GET /api/faults", w.listFaults)
	mux.HandleFunc("PUT /api/faults", w.setFault)
	mux.HandleFunc("DELETE /api/faults", w.clearFault)
	return guarded(mux)
}

func (w *web) list(out http.ResponseWriter, in *http.Request) {
	answer(out, http.StatusOK, w.store.list(in.URL.Query().Get("to")))
}

func (w *web) get(out http.ResponseWriter, in *http.Request) {
	m, err := w.store.get(in.PathValue("id"))
	if err != nil {
		fail(out, err)
		return
	}
	answer(out, http.StatusOK, m)
}

func (w *web) raw(out http.ResponseWriter, in *http.Request) {
	raw, err := w.store.raw(in.PathValue("id"))
	if err != nil {
		fail(out, err)
		return
	}
	out.Header().Set("Content-Type", "message/rfc822")
	out.Header().Set("Content-Disposition", `attachment; filename="`+in.PathValue("id")+`.eml"`)
	_, _ = out.Write(raw) //nolint:gosec // sent as an attachment of type message/rfc822, never as a page
}

func (w *web) remove(out http.ResponseWriter, in *http.Request) {
	if err := w.store.remove(in.PathValue("id")); err != nil {
		fail(out, err)
		return
	}
	out.WriteHeader(http.StatusNoContent)
}

func (w *web) listFaults(out http.ResponseWriter, _ *http.Request) {
	answer(out, http.StatusOK, w.faults.list())
}

func (w *web) setFault(out http.ResponseWriter, in *http.Request) {
	var order Fault
	decoder := json.NewDecoder(http.MaxBytesReader(out, in.Body, maxOrder))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&order)
	if err == nil {
		err = order.validate()
	}
	if err != nil {
		answer(out, http.StatusBadRequest, problem{err.Error()})
		return
	}
	w.faults.set(order)
	out.WriteHeader(http.StatusNoContent)
}

func (w *web) clearFault(out http.ResponseWriter, in *http.Request) {
	w.faults.clear(in.URL.Query().Get("to"))
	out.WriteHeader(http.StatusNoContent)
}

type problem struct {
	Error string `json:"error"`
}

func fail(out http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, errNoMessage) {
		status = http.StatusNotFound
	}
	answer(out, status, problem{err.Error()})
}

func answer(out http.ResponseWriter, status int, body any) {
	out.Header().Set("Content-Type", "application/json")
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(body) // the reader has gone; there is nobody to tell
}
