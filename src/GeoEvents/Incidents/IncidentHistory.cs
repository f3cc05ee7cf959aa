using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Incidents;

/// <summary>One fact of an incident's history.</summary>
/// <param name="Kind">Stored name of the fact, such as <c>incident_corrected</c>.</param>
/// <param name="User">Who recorded it, as the client said.</param>
/// <param name="Fact">The fact itself: fields with old and new value, reason, report.</param>
public sealed record HistoryEntry(
    long Version, long Position, DateTimeOffset RecordedAt, string? User, string Kind, ChangeClass ChangeClass, JsonElement Fact);

/// <summary>Everything that was ever recorded of one incident, oldest first.</summary>
public sealed record IncidentHistory(string Id, [property: KeepEmpty] IReadOnlyList<HistoryEntry> Entries, string? Shown = null)
{
    /// <returns>Null if there was no such incident at that point.</returns>
    public static IncidentHistory? Of(string id, IEnumerable<LogEntry> log, AsOf at)
    {
        var entries = new List<HistoryEntry>();
        Incident? incident = null;
        foreach (var entry in log)
        {
            incident = Incident.After(incident, (IncidentEvent)entry.Fact, entry.RecordedAt, entry.Position);
            entries.Add(new HistoryEntry(
                incident.Version,
                entry.Position,
                entry.RecordedAt,
                entry.User,
                FactTypes.NameOf(entry.Fact),
                incident.Change,
                JsonSerializer.SerializeToElement(entry.Fact, entry.Fact.GetType(), GeoJson.Options)));
        }

        return incident is null || incident.Interval.Tau > at.Valid ? null : new IncidentHistory(id, entries, at.Shown);
    }
}
