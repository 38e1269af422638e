#include "response/power_course.h"

#include <gtest/gtest.h>

namespace wattfor::power_course_test {
namespace {

// 60 W, from 1 s on 300 W for 2 s and 100 W for 1 s, then 90 W.
PowerCourse small_course() {
  PowerCourse course(Seconds(1.0), Watts(60.0));
  course.then(Watts(300.0), Seconds(2.0));
  course.then(Watts(100.0), Seconds(1.0));
  course.finally(Watts(90.0));
  return course;
}

TEST(PowerCourseTest, EnergyIsExactAcrossEdgesAndBeyondBothEnds) {
  const PowerCourse course = small_course();
  EXPECT_DOUBLE_EQ(course.energy(Seconds(0.0), Seconds(5.0)).value(), 60.0 + 600.0 + 100.0 + 90.0);
  EXPECT_DOUBLE_EQ(course.energy(Seconds(2.5), Seconds(3.5)).value(), 150.0 + 50.0);
  EXPECT_DOUBLE_EQ(course.energy(Seconds(-2.0), Seconds(-1.0)).value(), 60.0);
  EXPECT_DOUBLE_EQ(course.energy(Seconds(3.5), Seconds(2.5)).value(), -200.0);
}

TEST(PowerCourseTest, PowerChangesAtItsEdges) {
  const PowerCourse course = small_course();
  EXPECT_EQ(course.power_at(Seconds(0.999)), Watts(60.0));
  EXPECT_EQ(course.power_at(Seconds(1.0)), Watts(300.0));
  EXPECT_EQ(course.power_at(Seconds(3.0)), Watts(100.0));
  EXPECT_EQ(course.power_at(Seconds(4.0)), Watts(90.0));
  EXPECT_EQ(course.end(), Seconds(4.0));
}

TEST(PowerCourseTest, DrawsOnAsBeforeUntilItIsToldWhatComesAfter) {
  PowerCourse course(Seconds(0.0), Watts(60.0));
  course.then(Watts(300.0), Seconds(0.0));  // nothing
  EXPECT_EQ(course.energy(Seconds(0.0), Seconds(1.0)), Joules(60.0));
}

}  // namespace
}  // namespace wattfor::power_course_test
