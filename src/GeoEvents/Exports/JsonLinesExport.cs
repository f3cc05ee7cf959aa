using System.Buffers;
using System.Text.Json;
using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Exports;

/// <summary>JSON Lines: one incident per line, in the shape in which incidents are logged and imported.</summary>
/// <remarks>
/// A line registers the actors and sources that it needs, that no line before it registered and that an empty workspace lacks. So the
/// file can be imported anywhere, and exported from there it is the same file.
/// </remarks>
public sealed class JsonLinesExport(ExportScope scope, ExportRegistry registry) : IExportFormat
{
    private readonly HashSet<ActorCode> actors = [];
    private readonly HashSet<string> sources = [];

    public void Begin(IBufferWriter<byte> to, ExportedIncident? first)
    {
    }

    public void Write(IBufferWriter<byte> to, ExportedIncident exported)
    {
        var incident = exported.Incident;
        var draft = new IncidentDraft(incident.Content)
        {
            Reports = [.. incident.Reports.Select(r => r.AsGiven())],
            Grade = incident.SetGrade,
            Register = Needed(incident),
            Counterfactual = scope.Counterfactual,
        };
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = GeoJson.Options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(json, draft, GeoJson.Options);
        json.Flush();
        to.Write("\n"u8);
    }

    public void End(IBufferWriter<byte> to)
    {
    }

    /// <returns>Null if nothing is needed.</returns>
    private Registrations? Needed(Incident incident)
    {
        var newSources = incident.Reports.Select(r => registry.Sources.GetValueOrDefault(r.Source)?.Value).OfType<Source>()
            .Where(s => sources.Add(s.Id)).OrderBy(s => s.Id, StringComparer.Ordinal).ToList();
        var newActors = new List<Actor>();
        var named = new Stack<ActorCode>(References.Actors(incident.Content).Concat(newSources.Select(s => s.Affiliation).OfType<ActorCode>()));
        while (named.TryPop(out var code))
        {
            // An actor's members and affiliation have to be registered along with it.
            if (registry.Actors.GetValueOrDefault(code)?.Value is { } actor && actors.Add(code))
            {
                newActors.Add(actor);
                foreach (var other in actor.Members.Select(m => m.Actor).Concat(actor.Affiliation is { } a ? [a] : []))
                {
                    named.Push(other);
                }
            }
        }

        return newActors.Count + newSources.Count == 0
            ? null
            : new Registrations(
                [.. newActors.OrderBy(a => a.Code.ToString(), StringComparer.Ordinal).Select(Draft)],
                [.. newSources.Select(s => new SourceDraft(s.Id, s.Name, s.Reliability, s.Group, s.Affiliation, s.Url))]);
    }

    private static ActorDraft Draft(Actor actor) =>
        new() { Code = actor.Code, Name = actor.Name, Kind = actor.Kind, Members = actor.Members, Affiliation = actor.Affiliation };
}
