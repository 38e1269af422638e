#include "response/course_edges.h"

#include <gtest/gtest.h>

#include "simulation/random.h"
#include "simulation/waveforms.h"

namespace wattfor::course_edges_test {
namespace {

TEST(CourseEdgesTest, LieWhereTheLoadStepsAndNotWhereItFlickers) {
  PowerCourse course(Seconds(0.0), Watts(60.0));
  course.then(Watts(60.0), Seconds(1.0));
  course.then(Watts(190.0), Seconds(0.001));  // over the middle and back
  course.then(Watts(60.0), Seconds(1.0));
  course.then(Watts(190.0), Seconds(0.002));  // on its way up
  course.then(Watts(300.0), Seconds(1.0));
  course.then(Watts(170.0), Seconds(0.01));  // a dip
  course.then(Watts(300.0), Seconds(1.0));
  course.then(Watts(60.0), Seconds(1.0));
  const auto edges = edges_of(course);
  ASSERT_EQ(2u, edges.size());
  EXPECT_DOUBLE_EQ(2.001, edges[0].time.count());
  EXPECT_TRUE(edges[0].up);
  EXPECT_DOUBLE_EQ(4.013, edges[1].time.count());
  EXPECT_FALSE(edges[1].up);
}

TEST(CourseEdgesTest, OfASteadyCourseThereAreNone) {
  PowerCourse course(Seconds(0.0), Watts(60.0));
  EXPECT_TRUE(edges_of(course).empty());
  course.then(Watts(60.0), Seconds(3.0));
  EXPECT_TRUE(edges_of(course).empty());
}

TEST(KeepingStepTest, TellsALoadOfTheSensorsPeriodFromOneOfRandomSteps) {
  const Seconds period(0.1);
  PowerCourse keeping(Seconds(0.0), Watts(60.0));
  add_square(keeping, Seconds(5.0), Watts(300.0), Watts(60.0), period);
  EXPECT_GT(*keeping_step(edges_of(keeping), period), 0.99);

  Random random(1);
  PowerCourse varied(Seconds(0.0), Watts(60.0));
  for (int i = 0; i < 60; ++i) {
    varied.then(Watts(i % 2 == 0 ? 300.0 : 60.0), Seconds(random.uniform(0.5, 0.6)));
  }
  EXPECT_LT(*keeping_step(edges_of(varied), period), 0.5);
}

TEST(KeepingStepTest, IsNotToldByASingleStep) {
  const std::vector<LoadEdge> edges{{Seconds(1.0), true}, {Seconds(2.0), false}};
  EXPECT_FALSE(keeping_step(edges, Seconds(0.1)));
}

}  // namespace
}  // namespace wattfor::course_edges_test
