using System.Buffers;
using System.Text.Json;
using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Exports;

/// <summary>A STIX 2.1 bundle: incidents with what the index is made of as a property extension, identities for actors, locations, notes for reports.</summary>
/// <remarks>
/// Actors and markings are written before the first incident that needs them; a location, relationships and notes belong to one incident each, so that
/// nothing but actors is remembered however many incidents there are.
/// </remarks>
public sealed class StixExport(ExportScope scope, ExportRegistry registry) : IExportFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = GeoJson.Options.Encoder };

    /// <summary>When the definitions of this format were made.</summary>
    private static readonly DateTimeOffset Defined = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When OASIS and FIRST published the markings; part of them.</summary>
    private static readonly DateTimeOffset TlpPublished = new(2022, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private const string ExtensionText =
        "What GeoEvents computes the tension between two actors from. occurred: EDTF text; earliest, latest: the same as an interval in UTC, its end excluded; "
        + "tau: the instant at which it counts. incident_type, cameo, quad, rung (0 to 9), weight (-10 to 10): its class on the ladder of the method. "
        + "credibility: 0 to 1. links: list of actor, recipient and attribution (0 to 1). deaths, injured, detained: people. intent: deliberate, accidental or unknown. "
        + "opens_measure, closes_measure: of a standing measure, by the id of the incident that opened it. responds_to: id of an incident. issues: tags. "
        + "incident_id, log_position: in the workspace. method: version of the method. counterfactual: name of the overlay that it is part of, if it did not happen so.";

    private readonly StixIds ids = new(scope);
    private readonly HashSet<ActorCode> actors = [];
    private readonly HashSet<Handling> markings = [];
    private bool any;

    public void Begin(IBufferWriter<byte> to, ExportedIncident? first)
    {
        using (var json = new Utf8JsonWriter(to, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", "bundle");
            json.WriteString("id", ids.OfScope("bundle"));
            // End closes what stays open here.
            json.WriteStartArray("objects");
        }

        Definition(to, "identity", StixIds.Project, json =>
        {
            json.WriteString("name", "GeoEvents");
            json.WriteString("identity_class", "system");
        });
        Definition(to, "extension-definition", StixIds.Extension, json =>
        {
            json.WriteString("created_by_ref", StixIds.Project);
            json.WriteString("name", "GeoEvents incident");
            json.WriteString("description", "What the tension between two actors is computed from.");
            json.WriteString("schema", ExtensionText);
            json.WriteString("version", "1.0.0");
            Texts(json, "extension_types", ["property-extension"]);
        });
        Thing(to, "identity", ids.Workspace, Defined, Defined, null, json =>
        {
            json.WriteString("name", $"GeoEvents workspace {scope.Workspace}");
            json.WriteString("identity_class", "system");
        });
        var known = scope.Known.RecordedAt ?? Defined;
        Thing(to, "note", ids.OfScope("note"), known, known, null, json =>
        {
            json.WriteString("abstract", "What this bundle shows");
            json.WriteString("content", scope.Words);
            Texts(json, "object_refs", [ids.Workspace]);
        });
    }

    public void Write(IBufferWriter<byte> to, ExportedIncident exported)
    {
        var (incident, content) = (exported.Incident, exported.Content);
        Mark(to, content.Handling);
        foreach (var code in content.Links.SelectMany(l => new[] { l.Actor, l.Recipient }).Concat(content.Others.Select(o => o.Actor)))
        {
            Identity(to, code);
        }

        Object("incident", ids.Incident(content.Id), json => Incident(json, exported));
        foreach (var acts in content.Links.GroupBy(l => l.Actor))
        {
            Relate("attributed-to", acts.Key, json => json.WriteNumber("confidence", Percent(acts.Max(l => l.Attribution))));
        }

        foreach (var recipient in content.Links.Select(l => l.Recipient).Distinct())
        {
            Relate("targets", recipient, _ => { });
        }

        foreach (var other in content.Others)
        {
            Relate("related-to", other.Actor, json => json.WriteString("description", KebabCaseEnumConverter.NameOf(other.Role)));
        }

        if (content.Place is { } place && (place.Latitude is not null || place.Country is not null))
        {
            var location = ids.OfIncident("location", content.Id, "place");
            Object("location", location, json => Location(json, place));
            Object("relationship", ids.OfIncident("relationship", content.Id, "place"), json =>
            {
                json.WriteString("relationship_type", "located-at");
                json.WriteString("source_ref", ids.Incident(content.Id));
                json.WriteString("target_ref", location);
            });
        }

        foreach (var report in incident.Reports)
        {
            Object("note", ids.OfIncident("note", content.Id, report.Id), json => Note(json, content.Id, report));
        }

        void Object(string type, string id, Action<Utf8JsonWriter> properties) =>
            Thing(to, type, id, exported.LoggedAt, incident.RecordedAt, content.Handling, properties);

        void Relate(string how, ActorCode actor, Action<Utf8JsonWriter> more) =>
            Object("relationship", ids.OfIncident("relationship", content.Id, $"{how} {actor}"), json =>
            {
                json.WriteString("relationship_type", how);
                json.WriteString("source_ref", ids.Incident(content.Id));
                json.WriteString("target_ref", ids.Of(actor));
                more(json);
            });
    }

    public void End(IBufferWriter<byte> to) => to.Write("\n]}\n"u8);

    private void Incident(Utf8JsonWriter json, ExportedIncident exported)
    {
        var (incident, content) = (exported.Incident, exported.Content);
        var credibility = exported.CredibilityBy(scope.Method).Value;
        json.WriteString("name", content.Title);
        Text(json, "description", content.Summary);
        json.WriteNumber("confidence", Percent(credibility));
        json.WriteStartObject("extensions");
        json.WriteStartObject(StixIds.Extension);
        json.WriteString("extension_type", "property-extension");
        json.WriteString("incident_id", content.Id);
        json.WriteNumber("log_position", incident.Position);
        json.WriteString("occurred", content.Occurred);
        json.WriteString("earliest", InstantConverter.Text(incident.Interval.Earliest));
        json.WriteString("latest", InstantConverter.Text(incident.Interval.Latest));
        json.WriteString("tau", InstantConverter.Text(incident.Interval.Tau));
        Text(json, "incident_type", content.Type);
        Text(json, "cameo", content.Cameo);
        if (exported.ScoreBy(scope.Method) is { } score)
        {
            json.WriteString("quad", KebabCaseEnumConverter.NameOf(score.Quad));
            json.WriteNumber("rung", score.Rung);
            json.WriteNumber("weight", score.Weight);
        }

        json.WriteNumber("credibility", credibility);
        json.WriteStartArray("links");
        foreach (var link in content.Links)
        {
            json.WriteStartObject();
            json.WriteString("actor", link.Actor.ToString());
            json.WriteString("recipient", link.Recipient.ToString());
            json.WriteNumber("attribution", link.Attribution);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        foreach (var (name, people) in new[] { ("deaths", content.Deaths), ("injured", content.Injured), ("detained", content.Detained) })
        {
            if (people is not null)
            {
                json.WriteNumber(name, people.Best);
            }
        }

        Text(json, "intent", content.Intent is { } intent ? KebabCaseEnumConverter.NameOf(intent) : null);
        if (content.Measure?.Opens == true)
        {
            json.WriteBoolean("opens_measure", true);
        }

        Text(json, "closes_measure", content.Measure?.Closes);
        Text(json, "responds_to", content.RespondsTo);
        Texts(json, "issues", content.Issues);
        json.WriteString("method", scope.Method.Id);
        Text(json, "counterfactual", scope.Counterfactual);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Location(Utf8JsonWriter json, Place place)
    {
        Text(json, "name", place.Name);
        // By ISO 3166-1 alpha-2 where the country is a state.
        Text(json, "country", place.Country is { } country ? States.Find(country)?.Alpha2 ?? country.ToString() : null);
        if (place is { Latitude: { } latitude, Longitude: { } longitude })
        {
            json.WriteNumber("latitude", latitude);
            json.WriteNumber("longitude", longitude);
        }
    }

    private void Note(Utf8JsonWriter json, string incident, Report report)
    {
        var source = registry.Sources.GetValueOrDefault(report.Source)?.Value;
        var name = source?.Name ?? report.Source;
        json.WriteString("abstract", $"{name} {KebabCaseEnumConverter.NameOf(report.Stance)} it");
        json.WriteString("content", report.Quote ?? $"{name}, reliability {report.Reliability}, {KebabCaseEnumConverter.NameOf(report.Stance)} it.");
        Texts(json, "authors", [name]);
        Texts(json, "object_refs", [ids.Incident(incident)]);
        if (ConfidenceOf(report.Credibility) is { } confidence)
        {
            json.WriteNumber("confidence", confidence);
        }

        if ((report.Url ?? source?.Url) is { } url && Uri.IsWellFormedUriString(url, UriKind.Absolute))
        {
            json.WriteStartArray("external_references");
            json.WriteStartObject();
            json.WriteString("source_name", name);
            json.WriteString("url", url);
            json.WriteEndObject();
            json.WriteEndArray();
        }
    }

    /// <summary>STIX 2.1, appendix A, Admiralty Credibility: 1 is 90, 2 is 70, 3 is 50, 4 is 30, 5 is 10; 6, which cannot be judged, has none.</summary>
    public static int? ConfidenceOf(int? credibility) => credibility is >= 1 and <= 5 ? 110 - (20 * credibility) : null;

    private void Identity(IBufferWriter<byte> to, ActorCode code)
    {
        if (!actors.Add(code))
        {
            return;
        }

        var (registered, actor) = (registry.Actors.GetValueOrDefault(code), registry.FindActor(code));
        Thing(to, "identity", ids.Of(code), registered?.Since ?? Defined, registered?.ChangedAt ?? Defined, null, json =>
        {
            json.WriteString("name", actor?.Name ?? code.ToString());
            json.WriteString("identity_class", ClassOf(actor?.Kind));
            Texts(json, "sectors", actor?.Kind is ActorKind.State ? ["government-national"] : []);
            json.WriteStartArray("external_references");
            json.WriteStartObject();
            json.WriteString("source_name", actor?.Kind is ActorKind.State ? "ISO 3166-1 alpha-3" : $"GeoEvents workspace {scope.Workspace}");
            json.WriteString("external_id", code.ToString());
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    /// <summary>Terms of the vocabulary <c>identity-class-ov</c>.</summary>
    private static string ClassOf(ActorKind? kind) => kind switch
    {
        ActorKind.State or ActorKind.Organisation or ActorKind.Company => "organization",
        ActorKind.Bloc or ActorKind.ArmedGroup => "group",
        ActorKind.Person => "individual",
        _ => "unknown",
    };

    private void Mark(IBufferWriter<byte> to, Handling? handling)
    {
        if (handling is not { } level || !markings.Add(level))
        {
            return;
        }

        var (id, name, tlp) = StixIds.MarkingOf(level);
        Next(to);
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteString("type", "marking-definition");
        json.WriteString("spec_version", "2.1");
        json.WriteString("id", id);
        json.WriteString("created", InstantText.Milliseconds(TlpPublished));
        json.WriteString("name", name);
        json.WriteStartObject("extensions");
        json.WriteStartObject(StixIds.TlpExtension);
        json.WriteString("extension_type", "property-extension");
        json.WriteString("tlp_2_0", tlp);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>An object of the format itself: the same in every export, overlay or not.</summary>
    private void Definition(IBufferWriter<byte> to, string type, string id, Action<Utf8JsonWriter> properties)
    {
        Next(to);
        using var json = new Utf8JsonWriter(to, Options);
        Common(json, type, id, Defined, Defined);
        properties(json);
        json.WriteEndObject();
    }

    /// <summary>An object of the record, marked as it has to be.</summary>
    private void Thing(
        IBufferWriter<byte> to, string type, string id, DateTimeOffset created, DateTimeOffset modified, Handling? handling, Action<Utf8JsonWriter> properties)
    {
        Next(to);
        using var json = new Utf8JsonWriter(to, Options);
        Common(json, type, id, created, modified);
        if (id != ids.Workspace)
        {
            json.WriteString("created_by_ref", ids.Workspace);
        }

        Texts(json, "labels", scope.Mark is { } mark ? [mark] : []);
        Texts(json, "object_marking_refs", handling is { } level ? [StixIds.MarkingOf(level).Id] : []);
        properties(json);
        json.WriteEndObject();
    }

    private static void Common(Utf8JsonWriter json, string type, string id, DateTimeOffset created, DateTimeOffset modified)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("spec_version", "2.1");
        json.WriteString("id", id);
        json.WriteString("created", InstantText.Milliseconds(created));
        json.WriteString("modified", InstantText.Milliseconds(modified));
    }

    private void Next(IBufferWriter<byte> to)
    {
        to.Write(any ? ",\n"u8 : "\n"u8);
        any = true;
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>STIX has no empty lists.</summary>
    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }

    /// <returns>0 to 100.</returns>
    private static int Percent(double share) => (int)Math.Round(100 * share, MidpointRounding.AwayFromZero);
}
