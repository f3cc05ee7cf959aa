using System.Security.Cryptography;
using System.Text;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Exports;

/// <summary>Names STIX objects, so that the same thing exported again is the same object.</summary>
/// <remarks>
/// STIX 2.1 §2.9 asks for a UUID of version 4 or 5 and keeps the namespace <c>00abedb4-…</c> to cyber-observable objects, of which there are none here.
/// These are of version 5 in a namespace of ours. States are the same objects from every workspace; under an overlay everything is another object.
/// </remarks>
public sealed class StixIds(ExportScope scope)
{
    private static readonly Guid Namespace = new("5f1c7a86-2f0e-4b1d-9c35-7d3c0a6e41b2");

    /// <summary>The project as the author of the extension.</summary>
    public static string Project { get; } = Named("identity", "project");

    public static string Extension { get; } = Named("extension-definition", "incident 1");

    public string Workspace => OfWorkspace("identity", "");

    public string Of(ActorCode actor) => States.Find(actor) is null ? OfWorkspace("identity", $"actor {actor}") : Named("identity", $"{Under}state {actor}");

    public string Incident(string id) => OfWorkspace("incident", id);

    public string OfIncident(string type, string id, string what) => OfWorkspace(type, $"{id}\n{what}");

    public string OfScope(string type) => OfWorkspace(type, scope.Words);

    /// <summary>The TLP 2.0 marking that OASIS and FIRST published; source: oasis-open/cti-stix-common-objects, extension <c>tlp-2.0</c>.</summary>
    public static (string Id, string Name, string Level) MarkingOf(Handling handling) => handling switch
    {
        Handling.Clear => ("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR", "clear"),
        Handling.Green => ("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN", "green"),
        Handling.Amber => ("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER", "amber"),
        Handling.AmberStrict => ("marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT", "amber+strict"),
        Handling.Red => ("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED", "red"),
        _ => throw new ArgumentOutOfRangeException(nameof(handling), handling, "TLP 2.0 has five levels."),
    };

    /// <summary>The extension by which TLP 2.0 is added to STIX 2.1.</summary>
    public const string TlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

    private string Under => scope.Counterfactual is { } overlay ? $"overlay {overlay}\n" : "";

    private string OfWorkspace(string type, string name) => Named(type, $"{Under}workspace {scope.Workspace}\n{name}");

    /// <summary>RFC 9562, UUID version 5: SHA-1 over namespace and name.</summary>
    private static string Named(string type, string name)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData([.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{type}\n{name}")], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"{type}--{new Guid(hash[..16], bigEndian: true)}";
    }
}
