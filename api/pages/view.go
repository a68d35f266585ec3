package pages

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/casework"
)

// view is what a template shows.
type view struct {
	*visit
	Title, Promise, Notice string
	// Here is the page's address without its query; Base is what its forms hang under.
	Here, Base string
	Faults     []fault
	Lines      []string

	Token string
	Place string
	// Other says that the form is for somebody who asks for another; Agent are the fields about them.
	Other  bool
	Agent  []field
	Law    string
	Places []choice
	Rights []wish
	Fields []field

	// Why tells where the promised day comes from.
	Why string

	Right, State         string
	AskCode, MayWithdraw bool
	// Waits says that the request stands still until the person answers; Unread, that there is something new to read.
	Waits, Unread bool

	// Together are the requests that came in with this one.
	Together []string

	// Room is the page that a code opens.
	Room string
	// Held are what the person can correct, system by system.
	Held []held
	// Offers says that the person can correct something themselves; MayState, that they can put a statement beside what was refused.
	Offers, MayState, Whole bool
	// MayAppeal says that the person can have the answer looked at again.
	MayAppeal bool
	// MayTransmit says that what the person takes along can be sent to another controller now; Transmitted is what was sent, or tried.
	MayTransmit bool
	Transmitted []transmitted
	// MayLink says that a link can be made by which another controller fetches; Linked are those that were, Made the one that was made just now.
	MayLink    bool
	Linked     []linked
	Made       *madeLink
	LinkFields []field
	// Outside says that whoever reads the page is not whom the data is about.
	Outside bool

	// MaySend says that the person can send documents, Sent that they sent some; Documents are those.
	MaySend, Sent bool
	Documents     []sentDocument

	// Own is the page of a link of the person's own.
	Own *own
	// SignUp is a form that asks for consent, Confirm the page on which a mailbox confirms it.
	SignUp  *signUp
	Confirm *confirm
	// Keep is what stands in the address of the page beside the language.
	Keep template.URL

	// Asked is the page of whoever was asked about a person's data.
	Asked *asked

	Said     []said
	Pass     string
	Draft    string
	MaxDraft int
}

// fault is one thing that is wrong with what was sent.
type fault struct{ Field, Text string }

type choice struct {
	Value, Text string
	Chosen      bool
}

// wish is a right that one can choose, and what the answer turns on where it does.
type wish struct {
	choice
	Name, Type, Legend, Hint string
	Choices                  []choice
	Fields                   []field
}

type field struct {
	Name, Label, Hint, Type, Value, Complete, Fault string
	// Was is what a value was that is to be corrected.
	Was  string
	Max  int
	Long bool
}

type tongue struct {
	Code, Name string
	Current    bool
}

// Say gives the words for a key.
func (v view) Say(key string, values ...string) string { return v.say(key, values...) }

// Fault gives what is wrong with a field, "" for nothing.
func (v view) Fault(name string) string {
	for _, f := range v.Faults {
		if f.Field == name {
			return f.Text
		}
	}
	return ""
}

// MostDocuments is how many documents a person can send.
func (v view) MostDocuments() string { return strconv.Itoa(casework.MaxSentDocuments) }

// Language is the page's own.
func (v view) Language() string { return v.language }

// Languages are those the page can be read in.
func (v view) Languages() []tongue {
	if v.Here == "" {
		return nil
	}
	var out []tongue
	for _, code := range languages() {
		out = append(out, tongue{Code: code, Name: v.site.words.say(code, "lang.name"), Current: code == v.language})
	}
	return out
}

// Controller is whose page it is.
func (v view) Controller() string { return v.tenant.Name }

// Contact is where questions go.
func (v view) Contact() string { return v.tenant.Profile.Contact }

// Stylesheet is the address of the style: the tenant's own where it has a colour. It changes with what it says.
func (v view) Stylesheet() string {
	if colour := strings.TrimPrefix(v.tenant.Settings.Colour, "#"); colour != "" {
		return "/" + v.tenant.Slug + "/pages.css?v=" + v.site.styleMark + colour
	}
	return "/assets/pages.css?v=" + v.site.styleMark
}

// Authority is where complaints can go.
func (v view) Authority() string {
	if v.Outsider() {
		return ""
	}
	return v.tenant.Profile.Authority
}

// Outsider says that the page is for somebody else than whom the data is about.
func (v view) Outsider() bool { return v.Asked != nil || v.Outside }
