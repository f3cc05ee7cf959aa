namespace GeoEvents.IntegrationTests.Postgres;

/// <summary>Folders that servers of a test wrote into.</summary>
internal static class TestFolder
{
    /// <summary>Deletes a folder into which a server process may still be writing its last files.</summary>
    public static void Delete(string folder)
    {
        for (var tries = 50; ; tries--)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (tries > 0)
            {
                Thread.Sleep(100);
            }
        }
    }
}
