package casework

import (
	"fmt"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// consentWords say in a language what happened to consents.
type consentWords struct {
	everything string
	// kinds are sentences about a title and a channel.
	kinds    map[consent.Kind]string
	channels map[privacy.MessageChannel]string
	states   map[string]string
	// how says by what it came in.
	how map[string]string
	// about joins a sentence with the relation that it is about, shown with the words that were shown.
	about, shown string
}

// event is a sentence about a line of the ledger.
func (w consentWords) event(l storage.ConsentLine, title string) string {
	said := fmt.Sprintf(w.kinds[l.Event.Kind], title, w.channels[l.Channel])
	if l.Event.Relation != "" {
		said += fmt.Sprintf(w.about, l.Event.Relation)
	}
	if how := w.how[l.How]; how != "" {
		said += "; " + how
	}
	if l.Text != nil {
		said += fmt.Sprintf(w.shown, l.Text.Title, l.Text.Version, l.Text.Language)
	}
	return said
}

// consentWordsIn are those of a language; English where there are none.
func consentWordsIn(language string) consentWords {
	switch language {
	case "de":
		return germanConsents()
	case "fr":
		return frenchConsents()
	case "es":
		return spanishConsents()
	default:
		return englishConsents()
	}
}

func englishConsents() consentWords {
	return consentWords{
		everything: "all messages",
		kinds: map[consent.Kind]string{
			consent.Requested: "You were asked to agree to “%s” by %s", consent.Given: "You agreed to “%s” by %s", consent.Confirmed: "You confirmed that you want “%s” by %s",
			consent.Refreshed: "Something happened on which consent to “%s” by %s is implied", consent.Began: "A relation began on which consent to “%s” by %s is implied",
			consent.Ended: "A relation ended on which consent to “%s” by %s was implied", consent.Published: "Your address was published (“%s”, %s)",
			consent.Disclosed: "Your address was given to us (“%s”, %s)", consent.Withdrawn: "“%s” by %s was ended", consent.Expired: "The time of implied consent to “%s” by %s was over",
		},
		channels: map[privacy.MessageChannel]string{privacy.ByEmail: "e-mail", privacy.BySMS: "text message", privacy.ByPhone: "telephone", privacy.ByPost: "post", privacy.ByPush: "push message"},
		states:   map[string]string{"withdrawn": "ended", "confirmed": "agreed to and confirmed", "given": "agreed to", "implied": "implied by what happened", "requested": "asked for", "none": "nothing"},
		how: map[string]string{
			"form": "by a form", "import": "from a list that was taken over", "staff": "put on record by our staff", "api": "reported by one of our systems", "confirmation": "by the confirmation",
			"one_click": "by the unsubscribe button of a message", "page": "on the page of a link of yours", "system": "by itself", "timer": "by itself",
		},
		about: " (%s)", shown: "; the words were “%s”, version %d (%s)",
	}
}

func germanConsents() consentWords {
	return consentWords{
		everything: "alle Nachrichten",
		kinds: map[consent.Kind]string{
			consent.Requested: "Sie wurden um Einwilligung in „%s“ gebeten (%s)", consent.Given: "Sie haben in „%s“ eingewilligt (%s)", consent.Confirmed: "Sie haben bestätigt, dass Sie „%s“ wünschen (%s)",
			consent.Refreshed: "Es ist etwas geschehen, woraus auf eine Einwilligung in „%s“ geschlossen wird (%s)", consent.Began: "Eine Beziehung hat begonnen, aus der auf eine Einwilligung in „%s“ geschlossen wird (%s)",
			consent.Ended: "Eine Beziehung hat geendet, aus der auf eine Einwilligung in „%s“ geschlossen wurde (%s)", consent.Published: "Ihre Adresse war veröffentlicht („%s“, %s)",
			consent.Disclosed: "Ihre Adresse wurde uns mitgeteilt („%s“, %s)", consent.Withdrawn: "„%s“ wurde beendet (%s)", consent.Expired: "Die Zeit der stillschweigenden Einwilligung in „%s“ war vorbei (%s)",
		},
		channels: map[privacy.MessageChannel]string{privacy.ByEmail: "E-Mail", privacy.BySMS: "SMS", privacy.ByPhone: "Telefon", privacy.ByPost: "Post", privacy.ByPush: "Push-Nachricht"},
		states:   map[string]string{"withdrawn": "beendet", "confirmed": "eingewilligt und bestätigt", "given": "eingewilligt", "implied": "aus Umständen geschlossen", "requested": "angefragt", "none": "nichts"},
		how: map[string]string{
			"form": "über ein Formular", "import": "aus einer übernommenen Liste", "staff": "von unserem Personal festgehalten", "api": "von einem unserer Systeme gemeldet", "confirmation": "durch die Bestätigung",
			"one_click": "mit dem Abmeldeknopf einer Nachricht", "page": "auf der Seite eines Links von Ihnen", "system": "von selbst", "timer": "von selbst",
		},
		about: " (%s)", shown: "; der Wortlaut war „%s“, Fassung %d (%s)",
	}
}

func frenchConsents() consentWords {
	return consentWords{
		everything: "tous les messages",
		kinds: map[consent.Kind]string{
			consent.Requested: "Votre accord pour « %s » a été demandé (%s)", consent.Given: "Vous avez accepté « %s » (%s)", consent.Confirmed: "Vous avez confirmé vouloir « %s » (%s)",
			consent.Refreshed: "Un événement permet de présumer votre accord pour « %s » (%s)", consent.Began: "Une relation a commencé, qui permet de présumer votre accord pour « %s » (%s)",
			consent.Ended: "Une relation a pris fin, qui permettait de présumer votre accord pour « %s » (%s)", consent.Published: "Votre adresse était publiée (« %s », %s)",
			consent.Disclosed: "Votre adresse nous a été communiquée (« %s », %s)", consent.Withdrawn: "« %s » a pris fin (%s)", consent.Expired: "Le délai de l’accord présumé pour « %s » était écoulé (%s)",
		},
		channels: map[privacy.MessageChannel]string{privacy.ByEmail: "courriel", privacy.BySMS: "SMS", privacy.ByPhone: "téléphone", privacy.ByPost: "courrier postal", privacy.ByPush: "notification"},
		states:   map[string]string{"withdrawn": "terminé", "confirmed": "accepté et confirmé", "given": "accepté", "implied": "présumé", "requested": "demandé", "none": "rien"},
		how: map[string]string{
			"form": "par un formulaire", "import": "d’une liste reprise", "staff": "noté par notre personnel", "api": "signalé par l’un de nos systèmes", "confirmation": "par la confirmation",
			"one_click": "par le bouton de désabonnement d’un message", "page": "sur la page d’un lien à vous", "system": "de soi-même", "timer": "de soi-même",
		},
		about: " (%s)", shown: " ; le texte était « %s », version %d (%s)",
	}
}

func spanishConsents() consentWords {
	return consentWords{
		everything: "todos los mensajes",
		kinds: map[consent.Kind]string{
			consent.Requested: "Se le pidió su consentimiento para «%s» (%s)", consent.Given: "Usted aceptó «%s» (%s)", consent.Confirmed: "Usted confirmó que desea «%s» (%s)",
			consent.Refreshed: "Hubo un hecho del que se deduce el consentimiento para «%s» (%s)", consent.Began: "Comenzó una relación de la que se deduce el consentimiento para «%s» (%s)",
			consent.Ended: "Terminó una relación de la que se deducía el consentimiento para «%s» (%s)", consent.Published: "Su dirección estaba publicada («%s», %s)",
			consent.Disclosed: "Su dirección nos fue comunicada («%s», %s)", consent.Withdrawn: "«%s» terminó (%s)", consent.Expired: "Venció el plazo del consentimiento deducido para «%s» (%s)",
		},
		channels: map[privacy.MessageChannel]string{privacy.ByEmail: "correo electrónico", privacy.BySMS: "SMS", privacy.ByPhone: "teléfono", privacy.ByPost: "correo postal", privacy.ByPush: "notificación"},
		states:   map[string]string{"withdrawn": "terminado", "confirmed": "aceptado y confirmado", "given": "aceptado", "implied": "deducido", "requested": "solicitado", "none": "nada"},
		how: map[string]string{
			"form": "por un formulario", "import": "de una lista recibida", "staff": "anotado por nuestro personal", "api": "comunicado por uno de nuestros sistemas", "confirmation": "por la confirmación",
			"one_click": "con el botón de baja de un mensaje", "page": "en la página de un enlace suyo", "system": "por sí mismo", "timer": "por sí mismo",
		},
		about: " (%s)", shown: "; el texto era «%s», versión %d (%s)",
	}
}
