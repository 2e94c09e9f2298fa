using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;
using Field.Gdal;

namespace Field.Tests.Edge;

/// <summary>Small copies of photos, against libgdal as the other decoder.</summary>
public sealed class ThumbnailTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("field-thumbnail").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(4000, 3000, 500, 375)]
    [InlineData(5472, 3648, 684, 456)]
    [InlineData(3000, 4000, 375, 500)]
    [InlineData(1601, 900, 401, 225)]
    [InlineData(640, 480, 640, 480)]
    [InlineData(16, 16, 16, 16)]
    public void Size_is_an_eighth_or_the_nearest_above(int width, int height, int smallWidth, int smallHeight)
    {
        byte[] thumbnail = Thumbnail.Make(Photo(width, height))!;
        Assert.Empty(PhotoThumbnail.Check(thumbnail));
        Assert.Equal(new JpegFrame(smallWidth, smallHeight, false), JpegFrame.Find(thumbnail));
    }

    [Fact]
    public void Picture_is_the_photo_made_small()
    {
        RasterImage photo = Gradient(2400, 1600);
        byte[] thumbnail = Thumbnail.Make(Images.EncodeJpeg(photo, 90))!;
        string path = Path.Combine(_folder, "t.jpg");
        File.WriteAllBytes(path, thumbnail);
        RasterImage small = Images.Read(path);
        for (int y = 2; y < small.HeightPx - 2; y += 7)
        {
            for (int x = 2; x < small.WidthPx - 2; x += 7)
            {
                for (int c = 0; c < 3; c++)
                {
                    int expected = photo.Pixels[((((y * photo.HeightPx / small.HeightPx) * photo.WidthPx) + (x * photo.WidthPx / small.WidthPx)) * 3) + c];
                    Assert.InRange(small.Pixels[(((y * small.WidthPx) + x) * 3) + c], expected - 12, expected + 12); // quality 75 of a gradient
                }
            }
        }
    }

    [Fact]
    public void Picture_full_of_detail_is_made_smaller_until_it_costs_less_than_its_share()
    {
        byte[] pixels = new byte[1000 * 1000 * 3];
        new Random(5).NextBytes(pixels);
        byte[] photo = Images.EncodeJpeg(new RasterImage(1000, 1000, 3, pixels), 90);
        byte[] thumbnail = Thumbnail.Make(photo)!;
        Assert.InRange(thumbnail.Length, 1, PhotoThumbnail.BudgetBytes(photo.Length));
        Assert.Equal(250, JpegFrame.Find(thumbnail)!.Value.WidthPx);
    }

    [Fact]
    public void Bytes_that_are_no_photo_have_none()
    {
        Assert.Null(Thumbnail.Make([]));
        Assert.Null(Thumbnail.Make(new byte[1000]));
        byte[] photo = Photo(800, 600);
        Assert.Null(Thumbnail.Make(photo.AsSpan(0, 300)));
        photo.AsSpan(400).Fill(0xFF);
        _ = Thumbnail.Make(photo); // whatever comes, the process lives
    }

    [Fact]
    public void Large_progressive_photo_has_none_for_a_decoder_would_hold_all_of_it()
    {
        byte[] header = [0xFF, 0xD8, 0xFF, 0xC2, 0, 17, 8, 0xFF, 0xDC, 0xFF, 0xDC, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xDA, 0, 2];
        Assert.Null(Thumbnail.Make(header));
        byte[] huge = [.. header];
        huge[3] = 0xC0;
        Assert.Null(Thumbnail.Make(huge)); // 65,500 px are above 1,024 also at an eighth
    }

    [Fact]
    public void File_that_is_shorter_than_it_was_has_none()
    {
        string path = Path.Combine(_folder, "p.jpg");
        File.WriteAllBytes(path, Photo(640, 480));
        SourceFile file = SourceFile.Stat(path)!;
        Assert.NotNull(Thumbnail.Make(file));
        Assert.Null(Thumbnail.Make(file with { SizeBytes = file.SizeBytes + 1 }));
        Assert.Throws<FileNotFoundException>(() => Thumbnail.Make(file with { Path = path + "x" }));
    }

    [Fact]
    public void Real_photos_have_thumbnails_within_their_share()
    {
        foreach (string path in Directory.EnumerateFiles(SharedData.Path("drone"), "*.*", SearchOption.AllDirectories)
            .Where(p => Path.GetExtension(p).ToUpperInvariant() is ".JPG" or ".JPEG"))
        {
            byte[] thumbnail = Thumbnail.Make(SourceFile.Stat(path)!)!;
            Assert.Empty(PhotoThumbnail.Check(thumbnail));
            Assert.InRange(thumbnail.Length, 2_000, PhotoThumbnail.BudgetBytes(new FileInfo(path).Length));
        }
    }

    private static byte[] Photo(int width, int height) => Images.EncodeJpeg(Gradient(width, height), 90);

    private static RasterImage Gradient(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            pixels[i * 3] = (byte)(i % width * 255 / width);
            pixels[(i * 3) + 1] = (byte)(i / width * 255 / height);
            pixels[(i * 3) + 2] = 90;
        }

        return new RasterImage(width, height, 3, pixels);
    }
}
