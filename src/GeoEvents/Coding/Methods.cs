namespace GeoEvents.Coding;

/// <summary>The method that ships with the service. Every workspace begins with it, and may publish others.</summary>
public static class Methods
{
    public static Method Shipped { get; } = Load("method-2026.1.json");

    private static Method Load(string fileName)
    {
        using var json = EmbeddedData.Open(fileName);
        return Method.Load(json);
    }
}
