package visitor

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"mime/multipart"
	"net/url"
)

// File is what a visitor chooses in a field for files.
type File struct {
	Field, Name string
	Content     []byte
}

// SubmitFile is Submit for a form that takes a file.
func (v *Visitor) SubmitFile(ctx context.Context, s *Sheet, suffix string, fill url.Values, file File) (*Sheet, error) {
	i := s.form(suffix)
	if i < 0 {
		return nil, fmt.Errorf("%w (%s)", ErrNoForm, s.Title)
	}
	values := maps.Clone(s.forms[i].values)
	maps.Copy(values, fill)
	target, err := s.address.Parse(s.forms[i].action)
	if err != nil {
		return nil, fmt.Errorf("read the form's address: %w", err)
	}
	body, media, err := enclose(values, file)
	if err != nil {
		return nil, err
	}
	response, err := v.post(ctx, target.String(), body, media) //nolint:bodyclose // readSheet closes it
	if err != nil {
		return nil, err
	}
	return readSheet(response)
}

// enclose writes fields and a file as browsers do.
func enclose(values url.Values, file File) (*bytes.Buffer, string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, all := range values {
		for _, value := range all {
			if err := form.WriteField(name, value); err != nil {
				return nil, "", fmt.Errorf("write the form: %w", err)
			}
		}
	}
	part, err := form.CreateFormFile(file.Field, file.Name)
	if err != nil {
		return nil, "", fmt.Errorf("write the form: %w", err)
	}
	if _, err := part.Write(file.Content); err != nil {
		return nil, "", fmt.Errorf("write the form: %w", err)
	}
	if err := form.Close(); err != nil {
		return nil, "", fmt.Errorf("write the form: %w", err)
	}
	return &body, form.FormDataContentType(), nil
}
