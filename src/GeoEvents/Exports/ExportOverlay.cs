using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Exports;

/// <summary>A hypothesis laid over the record while it is exported.</summary>
/// <param name="Name">With this everything is marked that is exported under it.</param>
/// <param name="Version">Changes whenever the overlay does.</param>
/// <param name="Change">An incident of the record as it is under the overlay; null if it is dropped.</param>
/// <param name="Added">Incidents that there are only under the overlay, of those that the export's filters select.</param>
public sealed record ExportOverlay(string Name, string Version, Func<Incident, Incident?> Change, IReadOnlyList<Incident> Added)
{
    /// <summary>The incidents under the overlay; those that were added come last.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ExportedIncident>> Over(IAsyncEnumerable<IReadOnlyList<ExportedIncident>> record)
    {
        await foreach (var incidents in record)
        {
            yield return [.. incidents.Select(i => Change(i.Incident) is { } changed ? i with { Incident = changed } : null).OfType<ExportedIncident>()];
        }

        yield return [.. Added.Select(a => new ExportedIncident(a, a.RecordedAt))];
    }
}

/// <summary>Where overlays are stored.</summary>
public interface IExportOverlays
{
    /// <summary>The overlay of that name in a workspace, for a record as known at a position; null if there is none.</summary>
    Task<ExportOverlay?> Find(string workspace, string name, LogPosition known, CancellationToken cancel);
}
