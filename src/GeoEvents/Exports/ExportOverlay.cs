using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Ledger;
using GeoEvents.Recording;
using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Exports;

/// <summary>A stored overlay laid over the record while it is exported.</summary>
/// <param name="workspace">Its workspace.</param>
/// <param name="layer">As it was put.</param>
/// <param name="supposed">What it makes of the record.</param>
/// <param name="conditions">Those of the export: they hold of incidents as they are supposed to be.</param>
public sealed class ExportOverlay(string workspace, Layer layer, SupposedRecord supposed, LedgerConditions conditions)
{
    /// <summary>With this everything is marked that is exported under it.</summary>
    public string Name => layer.Overlay!;

    /// <summary>Changes whenever the overlay does.</summary>
    public string Version => InstantConverter.Text(layer.At);

    /// <summary>The incidents of the record that are supposed to be otherwise, whether they meet the conditions or not.</summary>
    public IReadOnlyCollection<Guid> Changed { get; } = [.. supposed.Changes.Where(c => c.Real is not null).Select(c => StreamKey.Incident(c.Change.Id).In(workspace)).Distinct()];

    /// <summary>Sources and actors that it brings along.</summary>
    public IReadOnlyCollection<object> Registered { get; } = [.. supposed.Registered.Values];

    public DateTimeOffset At => layer.At;

    /// <summary>The incidents under the overlay; those that were added come last.</summary>
    /// <param name="record">Those of the record that meet the conditions, and <see cref="Changed"/>.</param>
    public async IAsyncEnumerable<IReadOnlyList<ExportedIncident>> Over(IAsyncEnumerable<IReadOnlyList<ExportedIncident>> record)
    {
        await foreach (var incidents in record)
        {
            yield return [.. incidents.Select(Under).OfType<ExportedIncident>()];
        }

        yield return [.. supposed.Added.Select(a => a.Incident).Where(Meets).Select(a => new ExportedIncident(a, a.RecordedAt))];
    }

    private ExportedIncident? Under(ExportedIncident exported) => supposed.Of(exported.Incident) switch
    {
        null => null,
        { Mark: Supposition.AsOnRecord } => exported,
        { Incident: var changed } => Meets(changed) ? exported with { Incident = changed } : null,
    };

    private bool Meets(Incident incident) =>
        conditions.HoldFor(LedgerRow.Of(workspace, StreamKey.Incident(incident.Content.Id).In(workspace), incident, incident.Position));
}
