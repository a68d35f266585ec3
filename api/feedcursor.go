package api

import (
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// indexFeedCursor keeps the marks on cursors of the feed apart from those of lists, and from every blind index.
const indexFeedCursor seal.IndexKind = "feed_cursor"

// feedCursor is a place of the feed as it is handed out to one receiver: the place, and a mark that the tenant's key makes over both. Nobody can confirm for a receiver what it was never
// given, neither by guessing a place nor with a cursor of another receiver that the same key may read.
func feedCursor(who *caller, receiver uuid.UUID, place storage.StreamPlace) (string, error) {
	mark, err := who.tenant.Keys.BlindIndex(indexFeedCursor, receiver.String()+" "+place.String())
	if err != nil {
		return "", fmt.Errorf("mark the cursor of the feed: %w", err)
	}
	return place.String() + "." + base64.RawURLEncoding.EncodeToString(mark[:markLength]), nil
}

// readFeedCursor gives the place of a cursor that was handed out to a receiver. What is wrong with any other stands at its field, with what to do.
func readFeedCursor(who *caller, receiver uuid.UUID, field, cursor string) (storage.StreamPlace, error) {
	const again = ": read the feed without a cursor, which begins where this receiver has confirmed, and give the cursor of the page that is done"
	if _, err := storage.ParseStreamPlace(cursor); err == nil {
		return storage.StreamPlace{}, invalid(field, "is a place without the mark of this receiver, as it was handed out before cursors were bound to their receivers"+again)
	}
	end := strings.LastIndexByte(cursor, '.')
	place, err := storage.ParseStreamPlace(cursor[:max(end, 0)])
	if err != nil {
		return storage.StreamPlace{}, invalid(field, "is no cursor of the feed"+again)
	}
	right, err := feedCursor(who, receiver, place)
	if err != nil {
		return storage.StreamPlace{}, err
	}
	if !hmac.Equal([]byte(right), []byte(cursor)) {
		return storage.StreamPlace{}, invalid(field, "was not handed out to this receiver: it is another receiver's, or somebody has changed it"+again)
	}
	return place, nil
}
