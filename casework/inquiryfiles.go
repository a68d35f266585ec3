package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// maxInquiryFiles is how many files come with one answer at most, maxFileName how many characters the name of one has.
const (
	maxInquiryFiles = 50
	maxFileName     = 120
)

// ErrInquiryFile says that a file is not taken.
var ErrInquiryFile = errors.New("a file that comes with an answer has 1 byte to 10 MiB, and an answer has at most 50 of them")

// AddInquiryFile stores a file that comes with an answer: encrypted on its way, under a key of its own. What is in it is not looked at: it goes into
// the person's package as it came, and no browser of ours shows it.
func (d *Desk) AddInquiryFile(ctx context.Context, ref contract.Ref, actor audit.Actor, id uuid.UUID, name string, content io.Reader) error {
	first := make([]byte, 1)
	if _, err := io.ReadFull(content, first); err != nil {
		return ErrInquiryFile
	}
	if err := d.change(ctx, ref, actor, func(ctx context.Context, f *file) error { return f.takesFiles(ctx, id) }); err != nil {
		return err
	}
	stored, err := d.sealAs(ctx, ref, PartsPrefix(ref)+"inquiries/"+id.String(), "application/octet-stream", io.MultiReader(bytes.NewReader(first), content))
	if errors.Is(err, ErrDocument) {
		return ErrInquiryFile
	}
	if err != nil {
		return err
	}
	err = d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		if err := f.takesFiles(ctx, id); err != nil {
			return err
		}
		i, err := f.inquiry(ctx, id)
		if err != nil {
			return err
		}
		return f.tx.AddInquiryFile(ctx, i, f.subject, stored, fileName(name))
	})
	if err != nil {
		return errors.Join(err, d.objects.Delete(context.WithoutCancel(ctx), stored.ObjectKey))
	}
	return nil
}

// fileName is the name of a file without a path and without what names can't hold everywhere.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
	if name = strings.Trim(name, ". "); name == "" {
		return "file"
	}
	if runes := []rune(name); len(runes) > maxFileName {
		ending := []rune(path.Ext(name))
		if len(ending) > 10 {
			ending = nil
		}
		name = string(runes[:maxFileName-len(ending)]) + string(ending)
	}
	return name
}

// takesFiles lets files in only while an inquiry for a copy is open.
func (f *file) takesFiles(ctx context.Context, id uuid.UUID) error {
	i, err := f.inquiry(ctx, id)
	if err != nil {
		return err
	}
	if !i.Open() || i.Purpose != privacy.InquireCopy {
		return &privacy.RuleError{Code: "inquiry_ended", Message: "files come only with the answer to an open inquiry for a copy"}
	}
	files, err := f.filesOf(ctx, i)
	if err == nil && len(files) >= maxInquiryFiles {
		return ErrInquiryFile
	}
	return err
}

// filesOf are the files that came with an answer.
func (f *file) filesOf(ctx context.Context, i storage.Inquiry) ([]storage.InquiryFile, error) {
	all, err := f.tx.InquiryFiles(ctx, f.row.ID, f.subject)
	return slices.DeleteFunc(all, func(one storage.InquiryFile) bool { return one.InquiryID != i.ID }), err
}

// InquiryFiles are the files that came with the answer to an inquiry, each with what opens it.
func (d *Desk) InquiryFiles(ctx context.Context, ref contract.Ref, inquiry uuid.UUID) (out []OpenedFile, err error) {
	err = d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, ref.Case)
		if err != nil {
			return err
		}
		subject, err := tx.Subject(ctx, row.SubjectID)
		if err != nil {
			return err
		}
		all, err := tx.InquiryFiles(ctx, ref.Case, subject)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.InquiryID != inquiry {
				continue
			}
			key, err := tx.InquiryFileKey(one)
			if err != nil {
				return err
			}
			out = append(out, OpenedFile{InquiryFile: one, key: key})
		}
		return nil
	})
	return out, err
}

// OpenedFile is a file with what opens it.
type OpenedFile struct {
	storage.InquiryFile
	key *seal.StreamKey
}

// OpenFile opens one; the caller closes it.
func (d *Desk) OpenFile(ctx context.Context, f OpenedFile) (io.ReadCloser, error) {
	return d.openSealed(ctx, f.ObjectKey, f.key)
}

// RemoveInquiryFile takes a file away again that came by mistake, while the inquiry is open. Whoever was asked takes away their own.
func (d *Desk) RemoveInquiryFile(ctx context.Context, ref contract.Ref, actor audit.Actor, inquiry, id uuid.UUID) error {
	var object string
	err := d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, inquiry)
		if err != nil {
			return err
		}
		files, err := f.filesOf(ctx, i)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(files, func(one storage.InquiryFile) bool { return one.ID == id })
		switch {
		case at < 0 || actor.Kind == audit.Addressee && files[at].CreatedBy != actor.ID:
			return fmt.Errorf("file: %w", storage.ErrNotFound)
		case !i.Open():
			return &privacy.RuleError{Code: "inquiry_ended", Message: "the answer has been taken; what came with it stays as it is"}
		}
		object = files[at].ObjectKey
		return f.tx.RemoveInquiryFile(ctx, files[at])
	})
	if err != nil {
		return err
	}
	_ = d.objects.Delete(context.WithoutCancel(ctx), object) // its key is gone; what lies there goes with the request's
	return nil
}

// ViewInquiryFile opens a file that came with an answer, and records who looked at it.
func (d *Desk) ViewInquiryFile(ctx context.Context, ref contract.Ref, actor audit.Actor, inquiry, id uuid.UUID) (name string, body io.ReadCloser, err error) {
	all, err := d.InquiryFiles(ctx, ref, inquiry)
	if err != nil {
		return "", nil, err
	}
	at := slices.IndexFunc(all, func(one OpenedFile) bool { return one.ID == id })
	if at < 0 {
		return "", nil, fmt.Errorf("file: %w", storage.ErrNotFound)
	}
	err = d.db.Change(ctx, ref.Tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Audit(ctx, audit.Event{Action: audit.RequestViewed, CaseID: ref.Case.String(), Object: audit.Object{Kind: "inquiry_file", ID: id.String()}})
	})
	if err != nil {
		return "", nil, err
	}
	body, err = d.OpenFile(ctx, all[at])
	return all[at].Name, body, err
}
