using System.Buffers;
using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Exports;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Tests.Exports;

/// <summary>A few incidents and what an export of them shows.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset At = new(2025, 7, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly Uri Address = new("http://127.0.0.1:5080/api/v1/main");

    public static ExportScope Scope(string? counterfactual = null, DateTimeOffset? valid = null, params (string, string)[] filters) =>
        new("main", valid, new LogPosition(31, At), Methods.Shipped, filters, counterfactual);

    public static ExportRegistry Registry { get; } = new(
        new[] { Actor("OTS", ["AZE", "OWN"], null), Actor("OWN", [], "PARENT"), Actor("PARENT", [], null), Actor("UNUSED", [], null) }.ToDictionary(a => a.Value.Code),
        new[] { Source("wire", null), Source("paper", "OTS") }.ToDictionary(s => s.Value.Id));

    public static ExportedIncident Incident(string id, string title = "One", string actor = "AZE", string recipient = "RUS", params ReportDraft[] reports)
    {
        var content = new IncidentContent
        {
            Id = id,
            Occurred = "2025-07-01",
            Title = title,
            Type = "diplomatic-protest",
            Links = [new Link(ActorCode.Parse(actor), ActorCode.Parse(recipient))],
            Place = new Place("Baku", ActorCode.Parse("AZE"), 40.4, 49.9),
            Handling = Handling.Green,
        };
        var logged = new IncidentLogged(content, [.. reports.Select((r, i) => Registry.Sources[r.Source].Value.Report($"r{i + 1}", r))], "digest");
        return new ExportedIncident(GeoEvents.Incidents.Incident.After(null, logged, At, 1), At);
    }

    /// <summary>A whole document.</summary>
    public static string Written(string format, ExportScope scope, params ExportedIncident[] incidents)
    {
        var to = new ArrayBufferWriter<byte>();
        var writer = ExportFormats.Find(format)!.Start(scope, Registry, Address);
        writer.Begin(to, incidents.FirstOrDefault());
        foreach (var incident in incidents)
        {
            writer.Write(to, incident);
        }

        writer.End(to);
        return System.Text.Encoding.UTF8.GetString(to.WrittenSpan);
    }

    private static Registered<Actor> Actor(string code, string[] members, string? affiliation) => new(
        new Actor(1, ActorCode.Parse(code), $"Name of {code}", ActorKind.Bloc, [.. members.Select(m => new Membership(ActorCode.Parse(m)))], affiliation is null ? null : ActorCode.Parse(affiliation)),
        At, At);

    private static Registered<Source> Source(string id, string? affiliation) =>
        new(new Source(1, id, id, Reliability.B, id, affiliation is null ? null : ActorCode.Parse(affiliation), null), At, At);
}
