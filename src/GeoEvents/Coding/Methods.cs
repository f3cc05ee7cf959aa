namespace GeoEvents.Coding;

/// <summary>The versions of the method that the service can score with.</summary>
public static class Methods
{
    public static Method Current { get; } = Load("method-2026.1.json");

    public static IReadOnlyList<Method> All { get; } = [Current];

    public static Method? Find(string id) => All.FirstOrDefault(m => m.Id == id);

    private static Method Load(string fileName)
    {
        using var json = EmbeddedData.Open(fileName);
        return Method.Load(json);
    }
}
