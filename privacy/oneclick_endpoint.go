package privacy

import (
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
)

// OneClickRequest is what reached the unsubscribe address.
type OneClickRequest struct {
	Method      string
	ContentType string
	Body        string
}

// OneClickAnswer is what the address must do. It never redirects and asks for no cookie or sign-in (RFC 8058 s.3.1).
type OneClickAnswer struct {
	Unsubscribe bool   `json:"unsubscribe"`
	Status      int    `json:"status"`
	Redirect    bool   `json:"redirect"`
	Page        string `json:"page,omitempty"`
	Fault       string `json:"reason,omitempty"`
}

// Answer decides: a POST with the one-click field unsubscribes, whichever of the two form encodings it uses; a GET shows
// a page and changes nothing, because scanners fetch links.
func (r OneClickRequest) Answer() OneClickAnswer {
	switch strings.ToUpper(r.Method) {
	case "GET", "HEAD":
		return OneClickAnswer{Status: 200, Page: "confirmation"}
	case "POST":
	default:
		return OneClickAnswer{Status: 405, Fault: "method_not_allowed"}
	}
	value, ok := r.formValue()
	switch {
	case !ok:
		return OneClickAnswer{Status: 415, Fault: "unsupported_content_type"}
	case value != "One-Click":
		return OneClickAnswer{Status: 400, Fault: "missing_one_click_field"}
	}
	return OneClickAnswer{Unsubscribe: true, Status: 200}
}

// formValue reads the List-Unsubscribe field; ok is false when the body is no form.
func (r OneClickRequest) formValue() (value string, ok bool) {
	media, params, err := mime.ParseMediaType(r.ContentType)
	if err != nil {
		return "", false
	}
	switch media {
	case "application/x-www-form-urlencoded":
		return urlencodedValue(r.Body), true
	case "multipart/form-data":
		if params["boundary"] == "" {
			return urlencodedValue(r.Body), true // a caller that has already joined the parts
		}
		return multipartValue(r.Body, params["boundary"]), true
	}
	return "", false
}

func urlencodedValue(body string) string {
	form, err := url.ParseQuery(strings.TrimSpace(body))
	if err != nil {
		return ""
	}
	return form.Get("List-Unsubscribe")
}

// multipartValue reads the field from the parts, of which it takes no more than a few bytes.
func multipartValue(body, boundary string) string {
	parts := multipart.NewReader(strings.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if err != nil {
			return ""
		}
		if part.FormName() != "List-Unsubscribe" {
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, 64))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(value))
	}
}
