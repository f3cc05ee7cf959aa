using System.Buffers;
using System.Globalization;
using GeoEvents.Hosting;

namespace GeoEvents.Exports;

/// <summary>Atom by RFC 4287: the incidents that were logged or changed last, an entry each.</summary>
/// <remarks>Ids are tag URIs (RFC 4151) of workspace and incident, so that an entry that comes again is known again, from whatever address.</remarks>
/// <param name="workspace">The address of the workspace, for links.</param>
public sealed class AtomExport(ExportScope scope, ExportRegistry registry, Uri workspace) : IExportFormat
{
    private readonly AtomWriter atom = new(workspace);

    public void Begin(IBufferWriter<byte> to, ExportedIncident? first)
    {
        atom.Declare(to);
        atom.Start("feed");
        atom.Element("id", Tag($"incidents{(scope.Filters.Count > 0 ? $"?{Written(scope.Filters)}" : "")}"));
        atom.Element("title", $"Incidents of workspace {scope.Workspace}{(scope.Mark is { } mark ? $" ({mark})" : "")}");
        atom.Element("subtitle", scope.Words);
        atom.Element("updated", InstantConverter.Text(first?.Incident.RecordedAt ?? scope.Known.RecordedAt ?? DateTimeOffset.UnixEpoch));
        atom.Link("self", $"exports/incidents?{Written(Query())}", AtomWriter.MediaType);
        atom.Link("alternate", "incidents", "application/json");
        atom.Author(scope.Workspace);
        atom.Flush(to);
    }

    public void Write(IBufferWriter<byte> to, ExportedIncident exported)
    {
        var (incident, content) = (exported.Incident, exported.Content);
        atom.Start("entry");
        atom.Element("id", Tag($"incidents/{content.Id}"));
        atom.Element("title", scope.Mark is { } mark ? $"[{mark}] {content.Title}" : content.Title);
        atom.Element("updated", InstantConverter.Text(incident.RecordedAt));
        atom.Element("published", InstantConverter.Text(exported.LoggedAt));
        atom.Link("alternate", $"incidents/{content.Id}?knownAsOf={incident.Position.ToString(CultureInfo.InvariantCulture)}", "application/json");
        atom.Link("related", $"incidents/{content.Id}/history", "application/json");
        atom.Element("summary", Summary(exported));
        atom.Category(content.Type ?? content.Cameo!, content.Type is null ? "cameo" : "type", exported.KindBy(scope.Method));
        foreach (var dyad in content.Dyads)
        {
            atom.Category(dyad.ToString(), "dyad", $"{registry.NameOf(dyad.First)} and {registry.NameOf(dyad.Second)}");
        }

        foreach (var issue in content.Issues)
        {
            atom.Category(issue, "issue", null);
        }

        if (scope.Mark is not null)
        {
            atom.Category(scope.Mark, "counterfactual", null);
        }

        atom.End();
        atom.Flush(to);
    }

    public void End(IBufferWriter<byte> to) => atom.Finish(to);

    private string Summary(ExportedIncident exported)
    {
        var content = exported.Content;
        var who = string.Join(", ", content.Links.Select(l => $"{registry.NameOf(l.Actor)} → {registry.NameOf(l.Recipient)}"));
        var dead = content.Deaths is { Best: > 0 and var deaths } ? $", deaths {deaths.ToString(CultureInfo.InvariantCulture)}" : "";
        var credibility = exported.CredibilityBy(scope.Method).Value.ToString("0.00", CultureInfo.InvariantCulture);
        return $"{content.Occurred}: {who}; {exported.KindBy(scope.Method)}{dead}; credibility {credibility}.{(content.Summary is null ? "" : $"\n{content.Summary}")}";
    }

    /// <summary>The request that gives this feed as it goes on, whatever position this one shows.</summary>
    private IEnumerable<(string Name, string Value)> Query() => scope.Filters.Prepend(("format", "atom"))
        .Concat(scope.Valid is { } valid ? [("validAsOf", InstantConverter.Text(valid))] : [])
        .Concat(scope.Counterfactual is { } overlay ? [("overlay", overlay)] : []);

    private static string Written(IEnumerable<(string Name, string Value)> query) =>
        string.Join('&', query.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));

    private string Tag(string path) =>
        AtomWriter.Tag(scope.Workspace, $"{(scope.Counterfactual is { } overlay ? $"counterfactual/{Uri.EscapeDataString(overlay)}/" : "")}{path}");
}
