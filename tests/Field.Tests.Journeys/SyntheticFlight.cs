using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>A crack of the synthetic flight, as it was planted.</summary>
/// <param name="Id">Its name in truth.geojson.</param>
/// <param name="Surface"><c>bridge-deck</c> or <c>levee</c>.</param>
/// <param name="WidthMm">Mean width along its middle line; the largest is 1.8 times as much at most.</param>
/// <param name="LengthM">Length of its middle line.</param>
/// <param name="MaxWidthPx">Mean width in the photo that shows it best.</param>
/// <param name="Line">Its middle line in the street frame.</param>
internal sealed record PlantedCrack(string Id, string Surface, double WidthMm, double LengthM, double MaxWidthPx, IReadOnlyList<(double X, double Y)> Line)
{
    /// <summary>What is planted is never wider than this times its mean width.</summary>
    public const double MostOfMeanWidth = 1.8;

    /// <summary>With its branches it is on average never thinner than this.</summary>
    public const double LeastOfMeanWidth = 0.75;

    /// <summary>Of its length the best photo shows this at least.</summary>
    public const double LeastOfLength = 0.7;

    /// <summary>With its branches it is never longer than this times its length.</summary>
    public const double MostOfLength = 1.3;

    /// <summary>A crack of fewer pixels is not promised to be found.</summary>
    public const double FindableFromPx = 3;

    /// <summary>From the middle of a finding.</summary>
    public double DistanceM(JsonElement finding) =>
        SyntheticSite.DistanceM(SyntheticSite.Street(finding.GetProperty("centreLon").GetDouble(), finding.GetProperty("centreLat").GetDouble()), Line);
}

/// <summary>The demo's synthetic flight over a bridge and a levee, made once for all journeys.</summary>
public sealed class SyntheticFlight : IDisposable
{
    /// <summary>The photos of the bridge's deck are the first ones of the card.</summary>
    private const int DeckPhotos = 10;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task> _made;

    public SyntheticFlight() => _made = new Lazy<Task>(MakeAsync);

    /// <summary>The cracks of a surface that a photo shows well enough.</summary>
    internal async Task<IReadOnlyList<PlantedCrack>> PlantedAsync(string surface)
    {
        await _made.Value;
        using JsonDocument truth = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder["demo/truth.geojson"]));
        return [.. truth.RootElement.GetProperty("features").EnumerateArray().Select(Read).Where(c => c.Surface == surface)];
    }

    /// <summary>A feature of the fictional city's base map, found by its name.</summary>
    internal async Task<JsonElement> CityAsync(string name, string geometry)
    {
        await _made.Value;
        JsonElement city = JsonElement.Parse(await File.ReadAllBytesAsync(_folder["demo/city.geojson"]));
        return city.GetProperty("features").EnumerateArray()
            .First(f => f.GetProperty("properties").TryGetProperty("name", out JsonElement n) && n.GetString() == name && f.GetProperty("geometry").GetProperty("type").GetString() == geometry)
            .GetProperty("geometry");
    }

    /// <summary>A card with the photos of the bridge's deck, or of the levee.</summary>
    internal async Task<string> CardAsync(string folder, bool ofLevee)
    {
        await _made.Value;
        Directory.CreateDirectory(folder);
        IEnumerable<string> photos = Directory.GetFiles(_folder["demo/flight"]).Order(StringComparer.Ordinal);
        foreach (string photo in ofLevee ? photos.Skip(DeckPhotos) : photos.Take(DeckPhotos))
        {
            File.Copy(photo, Path.Combine(folder, Path.GetFileName(photo)));
        }

        return folder;
    }

    public void Dispose() => _folder.Dispose();

    private async Task MakeAsync()
    {
        await using FieldProcess demo = FieldProcess.StartField(Launch.Plain, "map-app", "Field.Demo", "data", "--out", _folder["demo"]);
        Assert.True(await demo.ExitAsync(Limit) == 0, demo.Output);
    }

    private static PlantedCrack Read(JsonElement feature)
    {
        JsonElement p = feature.GetProperty("properties");
        return new PlantedCrack(
            p.GetProperty("id").GetString()!, p.GetProperty("surface").GetString()!, p.GetProperty("widthM").GetDouble() * 1000, p.GetProperty("lengthM").GetDouble(),
            p.GetProperty("maxWidthPx").GetDouble(), [.. feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(SyntheticSite.Street)]);
    }
}
