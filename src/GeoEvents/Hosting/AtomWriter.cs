using System.Buffers;
using System.Text;
using System.Xml;

namespace GeoEvents.Hosting;

/// <summary>Writes Atom (RFC 4287) piece by piece, so that a feed of any length needs little memory.</summary>
/// <param name="workspace">The address of the workspace, for links.</param>
public sealed class AtomWriter(Uri workspace)
{
    public const string MediaType = "application/atom+xml";

    private const string Namespace = "http://www.w3.org/2005/Atom";

    private readonly StringBuilder text = new();
    private XmlWriter? xml;

    private XmlWriter Xml => xml ??= XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" });

    /// <summary>A tag URI (RFC 4151) of something in a workspace, so that what comes again is known again, from whatever address.</summary>
    public static string Tag(string workspace, string path) => $"tag:geoevents.local,2026:{workspace}/{path}";

    public void Declare(IBufferWriter<byte> to) => to.Write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"u8);

    public void Start(string name) => Xml.WriteStartElement(name, Namespace);

    public void End() => Xml.WriteEndElement();

    public void Element(string name, string value) => Xml.WriteElementString(name, Namespace, Clean(value));

    /// <summary>Who speaks, and by what.</summary>
    public void Author(string workspaceName)
    {
        Start("author");
        Element("name", $"GeoEvents workspace {workspaceName}");
        End();
        Element("generator", "GeoEvents");
    }

    /// <param name="path">Below the workspace.</param>
    public void Link(string relation, string path, string mediaType)
    {
        Start("link");
        Xml.WriteAttributeString("rel", relation);
        Xml.WriteAttributeString("type", mediaType);
        Xml.WriteAttributeString("href", $"{workspace.AbsoluteUri.TrimEnd('/')}/{path}");
        End();
    }

    public void Category(string term, string scheme, string? label)
    {
        Start("category");
        Xml.WriteAttributeString("term", Clean(term));
        Xml.WriteAttributeString("scheme", $"urn:geoevents:{scheme}");
        if (label is not null)
        {
            Xml.WriteAttributeString("label", Clean(label));
        }

        End();
    }

    /// <summary>Hands on what was written so far.</summary>
    public void Flush(IBufferWriter<byte> to)
    {
        Xml.Flush();
        Encoding.UTF8.GetBytes(text.ToString(), to);
        text.Clear();
    }

    /// <summary>Ends the feed, and hands on the rest.</summary>
    public void Finish(IBufferWriter<byte> to)
    {
        End();
        Flush(to);
        to.Write("\n"u8);
        Xml.Dispose();
    }

    /// <summary>Text without the few characters that XML 1.0 has no way to write.</summary>
    private static string Clean(string value)
    {
        var clean = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }
}
