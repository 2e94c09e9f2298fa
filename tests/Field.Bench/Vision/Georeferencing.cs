using System.Globalization;
using Field.Bench.Figures;
using Field.Demo.Synthetic;
using Field.Geo;

namespace Field.Bench.Vision;

/// <summary>
/// Pixels put on the ground from poses with noise, beside the true pose's own geometry (<see cref="PinholeCamera"/>, written apart from
/// Field.Geo). The camera flies at 30 m; half of the photos look straight down, half 60 to 90 degrees down.
/// </summary>
internal static class Georeferencing
{
    private const int Places = 5_000;
    private const double HeightM = 30;

    /// <summary>Standard deviations of what a file says: position per axis, height, pitch and roll, yaw.</summary>
    private sealed record Noise(string Name, int? RtkFlag, double PositionM, double HeightM, double TiltDeg, double YawDeg)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Name}: {PositionM} m per axis, height {HeightM} m, pitch and roll {TiltDeg} deg, yaw {YawDeg} deg, normal, seed 30");
    }

    public static void Measure(FigureSheet sheet)
    {
        // A drone with RTK as its makers describe it: 5 cm written as RtkStd, a gimbal steady to 0.1 deg, a compass good to 1 deg.
        (double median, double held) = Run(new Noise("RTK", 50, 0.05, 0.1, 0.1, 1));
        sheet.Add(new Figure("place on the ground at 30 m, median error", median, "m") { Target = Target.AtMost(0.3), Note = new Noise("RTK", 50, 0.05, 0.1, 0.1, 1).ToString() });
        sheet.Add(new Figure("errorM holds the true error, RTK", 100 * held, "%") { Target = Target.AtLeast(90), Note = $"{Places} places, as above" });
        Noise plain = new("GPS", null, 1.5, 0.5, 0.1, 1);
        (double without, double heldWithout) = Run(plain);
        sheet.Add(new Figure("place on the ground at 30 m without RTK, median error", without, "m") { Note = plain.ToString() });
        sheet.Add(new Figure("errorM holds the true error, without RTK", 100 * heldWithout, "%") { Target = Target.AtLeast(90), Note = "errorM is the radius that holds 90 % when all is as uncertain as Field supposes" });
        Noise worst = new("all that Field supposes", 50, 0.05 / Math.Sqrt(2), 3, 1.5, 1.5);
        sheet.Add(new Figure("errorM holds the true error, all noise as large as supposed", 100 * Run(worst).Held, "%") { Target = Target.AtLeast(90), Note = worst.ToString() });
    }

    private static (double MedianM, double Held) Run(Noise noise)
    {
        SeededRandom random = SeededRandom.For(30, "poses");
        DemoDataOptions photo = new();
        (int width, int height) = (photo.PhotoWidthPx, photo.PhotoHeightPx);
        List<(double ErrorM, double StatedM)> all = [];
        for (int i = 0; i < Places; i++)
        {
            Vec at = new(random.Next(-400, 400), random.Next(-400, 400));
            (double yaw, double pitch) = (random.Next(0, 360), i % 2 == 0 ? -90 : random.Next(-90, -60));
            PinholeCamera truth = new(at, HeightM, yaw, pitch, width, height, photo.FocalPx);
            (double x, double y) = (random.Next(0, width), random.Next(0, height));
            Vec said = at + (new Vec(random.Gaussian(), random.Gaussian()) * noise.PositionM);
            (double lon, double lat) = SiteFrame.ToLonLat(said);
            CameraEvidence evidence = new(width, height)
            {
                Model = PhotoMetadata.Model,
                CalibratedFocalPx = photo.FocalPx,
                Position = new LonLat(lon, lat),
                RelativeAltitudeM = HeightM + (random.Gaussian() * noise.HeightM),
                GimbalYawDeg = yaw + (random.Gaussian() * noise.YawDeg) - (yaw > 180 ? 360 : 0),
                GimbalPitchDeg = pitch + (random.Gaussian() * noise.TiltDeg),
                GimbalRollDeg = random.Gaussian() * noise.TiltDeg,
                RtkFlag = noise.RtkFlag,
                RtkStdHorizontalM = noise.RtkFlag is null ? null : noise.PositionM * Math.Sqrt(2),
            };
            if (CameraModel.Derive(evidence).Projection()?.PixelToGround(x, y) is { } ground)
            {
                Vec found = SiteFrame.ToEastNorth(ground.Position.Lon, ground.Position.Lat);
                all.Add(((found - truth.PixelToGround(x, y).EastNorth).Length, ground.ErrorM));
            }
        }

        return all.Count < Places * 0.99
            ? throw new InvalidOperationException($"only {all.Count} of {Places} places lie on the ground")
            : (VisionBench.Median(all.Select(e => e.ErrorM)), (double)all.Count(e => e.ErrorM <= e.StatedM) / all.Count);
    }
}
