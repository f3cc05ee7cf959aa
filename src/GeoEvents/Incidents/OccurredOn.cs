using System.Diagnostics.CodeAnalysis;
using GeoEvents.Coding;

namespace GeoEvents.Incidents;

/// <summary>Resolves the date of an incident: its EDTF text in its zone, at the moment it is recorded.</summary>
public static class OccurredOn
{
    /// <summary>
    /// Dates that were read lately, each in the place of its hash: an import looks at the date of a row three times, and its neighbours have the same.
    /// </summary>
    private static readonly Edtf?[] Recent = new Edtf?[1 << 10];

    /// <param name="reason">What is wrong with date or zone, as a sentence.</param>
    public static bool TryResolve(IncidentContent content, DateTimeOffset recordedAt, out ResolvedInterval interval, [NotNullWhen(false)] out string? reason)
    {
        interval = default;
        if (!TryFindZone(content.Zone, out var zone))
        {
            reason = $"'{content.Zone}' is not an IANA time zone.";
            return false;
        }

        ref var recent = ref Recent[content.Occurred.GetHashCode() & (Recent.Length - 1)];
        var date = recent;
        if (date?.Text != content.Occurred)
        {
            if (!Edtf.TryParse(content.Occurred, out date, out var error))
            {
                reason = $"Not an EDTF date, at character {error.Position + 1}: {error.Message}";
                return false;
            }

            recent = date;
        }

        return date.TryResolve(recordedAt, zone, out interval, out reason);
    }

    public static bool TryFindZone(string? id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = TimeZoneInfo.Utc;
        return id is null || (id.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone));
    }
}
