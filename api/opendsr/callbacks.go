package opendsr

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/privacy-docket/docket/api/partner"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
)

// calledBack hears from a processor that we have asked (section 8.6). Who calls is not known for sure, so the call says only that it is time to ask
// the processor itself. It is answered the same whether the request is one of ours or not.
func (d *desk) calledBack(v *visit) error {
	body, err := partner.Body(v.Context, wire.MaxStatus)
	if errors.Is(err, partner.ErrTooLong) {
		return &fault{http.StatusRequestEntityTooLarge, "The callback is too long.", ""}
	}
	var named struct {
		ID string `json:"subject_request_id"`
	}
	if err != nil || json.Unmarshal(body, &named) != nil {
		return refuse("", "The callback can't be read: it must be one JSON object.")
	}
	id, err := wire.ParseID(named.ID)
	if err != nil {
		return refuse("", "The callback can't be read: "+err.Error()+".")
	}
	if err := d.Desk.CalledBack(v.Request.Context(), v.tenant.ID, id); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	v.Status(http.StatusAccepted)
	return nil
}
