using GeoEvents.Coding;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Imports;

/// <summary>A row with all that can be worked out of it before the record is asked.</summary>
/// <param name="Content">Under the id that it will have.</param>
/// <param name="Actors">Those that must be registered.</param>
public sealed record PreparedRow(
    IncidentRow Row, IncidentContent Content, StreamKey Stream, string Digest, IReadOnlyList<ActorCode> Actors, IReadOnlyList<string> Sources)
{
    /// <summary>The row, or what is wrong with it by itself.</summary>
    /// <param name="now">No incident lies after it.</param>
    public static (PreparedRow? Prepared, RejectedRow? Rejected) Of(IncidentRow row, DateTimeOffset now)
    {
        var draft = row.Draft;
        var digest = IncidentFields.Digest(draft, draft.Reports, draft.Grade);

        // A row without an id is named after its content, so that the same row again is the same incident.
        var content = draft.Named(draft.Id.Length > 0 ? draft.Id : $"row:{digest}");
        var problem = draft.Check(now).FirstOrDefault();
        return problem is null
            ? (new PreparedRow(
                row, content, StreamKey.Incident(content.Id), digest, [.. References.Actors(content)], [.. draft.Reports.Select(r => r.Source).Distinct()]), null)
            : (null, row.Reject(problem));
    }
}
