using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml;
using GeoEvents.Hosting;

namespace GeoEvents.Exports;

/// <summary>Atom by RFC 4287: the incidents that were logged or changed last, an entry each.</summary>
/// <remarks>Ids are tag URIs (RFC 4151) of workspace and incident, so that an entry that comes again is known again, from whatever address.</remarks>
/// <param name="workspace">The address of the workspace, for links.</param>
public sealed class AtomExport(ExportScope scope, ExportRegistry registry, Uri workspace) : IExportFormat
{
    private const string Namespace = "http://www.w3.org/2005/Atom";
    private const string TagAuthority = "tag:geoevents.local,2026:";

    private readonly StringBuilder text = new();
    private XmlWriter xml = null!;

    public void Begin(IBufferWriter<byte> to, ExportedIncident? first)
    {
        to.Write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"u8);
        xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" });
        xml.WriteStartElement("feed", Namespace);
        Element("id", Tag($"incidents{(scope.Filters.Count > 0 ? $"?{Written(scope.Filters)}" : "")}"));
        Element("title", $"Incidents of workspace {scope.Workspace}{(scope.Mark is { } mark ? $" ({mark})" : "")}");
        Element("subtitle", scope.Words);
        Element("updated", InstantConverter.Text(first?.Incident.RecordedAt ?? scope.Known.RecordedAt ?? DateTimeOffset.UnixEpoch));
        Link("self", $"exports/incidents?{Written(Query())}", "application/atom+xml");
        Link("alternate", "incidents", "application/json");
        xml.WriteStartElement("author", Namespace);
        Element("name", $"GeoEvents workspace {scope.Workspace}");
        xml.WriteEndElement();
        Element("generator", "GeoEvents");
        Flush(to);
    }

    public void Write(IBufferWriter<byte> to, ExportedIncident exported)
    {
        var (incident, content) = (exported.Incident, exported.Content);
        xml.WriteStartElement("entry", Namespace);
        Element("id", Tag($"incidents/{content.Id}"));
        Element("title", scope.Mark is { } mark ? $"[{mark}] {content.Title}" : content.Title);
        Element("updated", InstantConverter.Text(incident.RecordedAt));
        Element("published", InstantConverter.Text(exported.LoggedAt));
        Link("alternate", $"incidents/{content.Id}?knownAsOf={incident.Position.ToString(CultureInfo.InvariantCulture)}", "application/json");
        Link("related", $"incidents/{content.Id}/history", "application/json");
        Element("summary", Summary(exported));
        Category(content.Type ?? content.Cameo!, content.Type is null ? "cameo" : "type", exported.KindBy(scope.Method));
        foreach (var dyad in content.Dyads)
        {
            Category(dyad.ToString(), "dyad", $"{registry.NameOf(dyad.First)} and {registry.NameOf(dyad.Second)}");
        }

        foreach (var issue in content.Issues)
        {
            Category(issue, "issue", null);
        }

        if (scope.Mark is not null)
        {
            Category(scope.Mark, "counterfactual", null);
        }

        xml.WriteEndElement();
        Flush(to);
    }

    public void End(IBufferWriter<byte> to)
    {
        xml.WriteEndElement();
        Flush(to);
        to.Write("\n"u8);
        xml.Dispose();
    }

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
        $"{TagAuthority}{scope.Workspace}/{(scope.Counterfactual is { } overlay ? $"counterfactual/{Uri.EscapeDataString(overlay)}/" : "")}{path}";

    private void Element(string name, string value) => xml.WriteElementString(name, Namespace, Xml(value));

    private void Link(string relation, string path, string mediaType)
    {
        xml.WriteStartElement("link", Namespace);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("type", mediaType);
        xml.WriteAttributeString("href", $"{workspace.AbsoluteUri.TrimEnd('/')}/{path}");
        xml.WriteEndElement();
    }

    private void Category(string term, string scheme, string? label)
    {
        xml.WriteStartElement("category", Namespace);
        xml.WriteAttributeString("term", Xml(term));
        xml.WriteAttributeString("scheme", $"urn:geoevents:{scheme}");
        if (label is not null)
        {
            xml.WriteAttributeString("label", Xml(label));
        }

        xml.WriteEndElement();
    }

    /// <summary>Text without the few characters that XML 1.0 has no way to write.</summary>
    private static string Xml(string value)
    {
        var clean = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }

    private void Flush(IBufferWriter<byte> to)
    {
        xml.Flush();
        Encoding.UTF8.GetBytes(text.ToString(), to);
        text.Clear();
    }
}
