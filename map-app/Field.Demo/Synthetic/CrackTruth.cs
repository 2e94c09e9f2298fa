using System.Text.Json;

namespace Field.Demo.Synthetic;

/// <summary>How one crack appears in one photo.</summary>
/// <param name="Photo">File name.</param>
/// <param name="WidthPx">Mean width of the visible part, measured across the line, pixels.</param>
/// <param name="VisibleLengthM">Length of the part inside the image, metres on the surface.</param>
/// <param name="CentreXPx">Middle of the visible part, pixels from the left edge.</param>
/// <param name="CentreYPx">Middle of the visible part, pixels from the top edge.</param>
internal sealed record CrackSight(string Photo, double WidthPx, double VisibleLengthM, double CentreXPx, double CentreYPx);

/// <summary>Works out from the true poses which photo shows which crack, and writes truth.geojson.</summary>
internal static class CrackTruth
{
    private const double LeastVisibleM = 0.10;

    /// <summary>The sight of a crack in a photo, or null when less than 10 cm of it is in the image.</summary>
    public static CrackSight? See(Crack crack, Shot shot, PinholeCamera camera)
    {
        CrackPath trunk = crack.Trunk;
        double length = 0;
        double widthSum = 0;
        List<Vec> visible = [];
        for (int i = 1; i < trunk.Points.Count; i++)
        {
            Vec step = trunk.Points[i] - trunk.Points[i - 1];
            Vec middle = trunk.Points[i - 1] + (step * 0.5);
            Vec pixel = Pixel(middle);
            if (camera.Shows(pixel))
            {
                double width = (trunk.WidthsM[i] + trunk.WidthsM[i - 1]) / 2;
                widthSum += step.Length * WidthPx(Pixel(trunk.Points[i - 1]), Pixel(trunk.Points[i]), pixel, middle, step, width);
                length += step.Length;
                visible.Add(pixel);
            }
        }

        if (length < LeastVisibleM)
        {
            return null;
        }

        Vec centre = visible[visible.Count / 2];
        return new CrackSight(shot.FileName, Math.Round(widthSum / length, 2), Math.Round(length, 3), Math.Round(centre.X, 1), Math.Round(centre.Y, 1));

        Vec Pixel(Vec p) => camera.GroundToPixel(FlightPlan.ToEastNorth(crack.Plan.Surface, p));

        // The edge point, projected; the part of its offset that is across the projected line is half of the width.
        double WidthPx(Vec a, Vec b, Vec pixel, Vec middle, Vec step, double widthM)
        {
            Vec edge = Pixel(middle + (step.Unit().Left() * (widthM / 2))) - pixel;
            Vec across = (b - a).Unit().Left();
            return 2 * Math.Abs((edge.X * across.X) + (edge.Y * across.Y));
        }
    }

    /// <summary>truth.geojson: a LineString per crack.</summary>
    public static byte[] ToGeoJson(IReadOnlyList<Crack> cracks, IReadOnlyList<(Shot Shot, PinholeCamera Camera)> photos)
    {
        using var writer = new GeoJsonWriter(decimals: 9);
        foreach (Crack crack in cracks)
        {
            CrackSight[] sights = [.. photos.Where(p => p.Shot.Surface == crack.Plan.Surface)
                .Select(p => See(crack, p.Shot, p.Camera)).OfType<CrackSight>()];
            writer.Line([.. crack.Trunk.Points.Select(p => FlightPlan.ToEastNorth(crack.Plan.Surface, p))], json => Properties(json, crack, sights));
        }

        return writer.ToBytes();
    }

    private static void Properties(Utf8JsonWriter json, Crack crack, CrackSight[] sights)
    {
        json.WriteString("id", crack.Plan.Id);
        json.WriteString("surface", crack.Plan.Surface == SurfaceKind.BridgeDeck ? "bridge-deck" : "levee");
        json.WriteNumber("widthM", Math.Round(crack.Trunk.MeanWidthM, 5));
        json.WriteNumber("lengthM", Math.Round(crack.Trunk.LengthM, 3));
        json.WriteNumber("maxWidthPx", sights.Length == 0 ? 0 : sights.Max(s => s.WidthPx));
        json.WriteStartArray("photos");
        foreach (CrackSight sight in sights)
        {
            json.WriteStartObject();
            json.WriteString("photo", sight.Photo);
            json.WriteNumber("widthPx", sight.WidthPx);
            json.WriteNumber("visibleLengthM", sight.VisibleLengthM);
            json.WriteNumber("centreXPx", sight.CentreXPx);
            json.WriteNumber("centreYPx", sight.CentreYPx);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
